package dev.countersign.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.ContractCall;
import dev.countersign.api.v1.ContractCreation;
import dev.countersign.api.v1.Decision;
import dev.countersign.api.v1.Erc20Transfer;
import dev.countersign.api.v1.Fees;
import dev.countersign.api.v1.Inclusion;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.PersonalMessage;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.TypedData;
import dev.countersign.core.evm.EnvelopeCodec;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.DecisionHistory;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import java.time.Instant;
import java.util.Optional;

/// Requests as messages. What a request does not hold itself, its signed bytes and the explanation
/// of a denial, is looked up where it is kept.
public final class RequestMessages {
  private final PayloadLedger payloads;
  private final DecisionHistory decisions;

  public RequestMessages(PayloadLedger payloads, DecisionHistory decisions) {
    this.payloads = payloads;
    this.decisions = decisions;
  }

  /// What was asked, and where it is; nothing of how it was decided.
  static dev.countersign.api.v1.SigningRequest asked(SigningRequest request) {
    return start(request).build();
  }

  private static dev.countersign.api.v1.SigningRequest.Builder start(SigningRequest request) {
    var message =
        dev.countersign.api.v1.SigningRequest.newBuilder()
            .setId(request.id().toString())
            .setRequestId(request.key().requestId())
            .setWallet(request.content().wallet().value())
            .setChain(request.content().chain().caip2())
            .setState(state(request.state()))
            .setFailure(request.failure().orElse(""))
            .setReceiveTime(timestamp(request.receivedAt()))
            .setUpdateTime(timestamp(request.updatedAt()));
    content(request.content(), message);
    return message;
  }

  dev.countersign.api.v1.SigningRequest of(SigningRequest request) {
    return of(request, Optional.empty());
  }

  /// @param signed the signed bytes, when they are at hand
  dev.countersign.api.v1.SigningRequest of(
      SigningRequest request, Optional<SignedTransaction> signed) {
    var message = start(request);
    request
        .admission()
        .ifPresent(
            admission ->
                message
                    .setPayload(bytes(admission.payload()))
                    .setDecision(
                        Decision.newBuilder()
                            .setPolicyVersion(admission.policyVersion())
                            .setRule(admission.rule())));
    request
        .admission()
        .flatMap(SigningRequest.Admission::nonce)
        .ifPresent(nonce -> message.setNonce(nonce.value()));
    request.signature().ifPresent(made -> message.setSignature(bytes(made.ethereum())));
    request
        .holding()
        .ifPresent(
            holding ->
                message.setDecision(
                    Decision.newBuilder()
                        .setPolicyVersion(holding.policyVersion())
                        .setRule(holding.rule())
                        .setReason(holding.reason())));
    request.denial().ifPresent(denial -> message.setDecision(explained(request, denial)));
    // What was made for this very answer is the first and only one.
    Optional<NoncePayloads> known =
        signed.isPresent()
            ? Optional.empty()
            : request.transactionHash().flatMap(_ -> payloads.find(request.id()));
    signed.ifPresent(first -> message.addAttempts(AttemptMessages.first(request, first)));
    request
        .transactionHash()
        .ifPresent(
            hash -> {
              message.setTransactionHash(hash.hex());
              signed
                  .or(() -> known.flatMap(all -> all.payloads().getFirst().signed()))
                  .ifPresent(transaction -> message.setRawTransaction(bytes(transaction.bytes())));
            });
    known.ifPresent(all -> message.addAllAttempts(AttemptMessages.of(request, all)));
    known
        .flatMap(NoncePayloads::relaying)
        .map(AttemptMessages::of)
        .ifPresent(message::setPrivateRelay);
    request
        .inclusion()
        .ifPresent(
            inclusion ->
                message.setInclusion(
                    Inclusion.newBuilder()
                        .setBlockNumber(inclusion.blockNumber())
                        .setBlockHash(inclusion.blockHash().hex())
                        .setSucceeded(inclusion.succeeded())
                        .setTransactionHash(known.map(AttemptMessages::mined).orElse(""))));
    return message.build();
  }

  static State state(RequestState state) {
    return State.valueOf("STATE_" + state.name());
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static ByteString bytes(Bytes bytes) {
    return ByteString.copyFrom(bytes.toArray());
  }

  private Decision explained(SigningRequest request, SigningRequest.Denial denial) {
    return decisions
        .find(request.id())
        .map(DecisionMessages::of)
        .orElseGet(
            () ->
                Decision.newBuilder()
                    .setPolicyVersion(denial.policyVersion())
                    .setRule(denial.rule())
                    .setReason(denial.reason())
                    .build());
  }

  private static void content(
      RequestContent content, dev.countersign.api.v1.SigningRequest.Builder message) {
    switch (content.intent()) {
      case Intent.NativeTransfer transfer ->
          message.setNativeTransfer(
              NativeTransfer.newBuilder()
                  .setTo(transfer.to().checksummed())
                  .setAmount(transfer.value().toString()));
      case Intent.Erc20Transfer transfer ->
          message.setErc20Transfer(
              Erc20Transfer.newBuilder()
                  .setToken(transfer.token().checksummed())
                  .setTo(transfer.to().checksummed())
                  .setAmount(transfer.value().toString()));
      case Intent.ContractCall call ->
          message.setContractCall(
              ContractCall.newBuilder()
                  .setTo(call.to().checksummed())
                  .setValue(call.value().toString())
                  .setData(bytes(call.data())));
      case Intent.ContractCreation creation ->
          message.setContractCreation(
              ContractCreation.newBuilder()
                  .setValue(creation.value().toString())
                  .setInitCode(bytes(creation.initCode())));
      case Intent.PersonalMessage(Bytes text) ->
          message.setPersonalMessage(PersonalMessage.newBuilder().setMessage(bytes(text)));
      case Intent.TypedData(String json) ->
          message.setTypedData(TypedData.newBuilder().setJson(json));
    }
    content
        .envelope()
        .map(EnvelopeCodec::encode)
        .map(RequestMessages::bytes)
        .ifPresent(message::setEnvelope);
    content.feeChoice().byMarket().map(MarketFeeMessages::of).ifPresent(message::setMarketFees);
    content
        .fees()
        .ifPresent(
            fees ->
                message.setFees(
                    Fees.newBuilder()
                        .setMaxPriorityFeePerGas(fees.maxPriorityFeePerGas().toString())
                        .setMaxFeePerGas(fees.maxFeePerGas().toString())
                        .setGasLimit(fees.gasLimit().units())));
  }
}
