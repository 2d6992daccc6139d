package dev.countersign.server.grpc;

import com.google.protobuf.Duration;
import dev.countersign.api.v1.Fees;
import dev.countersign.api.v1.GivenApproval;
import dev.countersign.api.v1.PendingApproval;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalTally.Outcome;
import dev.countersign.core.approval.ApprovalTerms;
import dev.countersign.core.approval.ApprovedTransaction;
import dev.countersign.core.approval.HiddenRoute;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.EnvelopeCodec;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.policy.hold.HeldRequest;
import java.util.HashSet;
import java.util.Set;

/// Held requests as the API shows them.
final class ApprovalMessages {
  private ApprovalMessages() {}

  static PendingApproval of(HeldRequest held) {
    SigningRequest request = held.request();
    ApprovalTerms terms = held.statement().terms();
    PendingApproval.Builder message =
        PendingApproval.newBuilder()
            .setRequest(request.id().toString())
            .setClient(request.key().client().value())
            .setRequestId(request.key().requestId())
            .setState(RequestMessages.state(request.state()))
            .setWallet(request.content().wallet().value())
            .setAccount(held.statement().subject().account().checksummed())
            .setChain(request.content().chain().caip2())
            .setPolicyVersion(terms.policy().number())
            .setPolicyHash(terms.policy().hash().hex())
            .addAllRules(terms.rules())
            .setQuorum(terms.quorum().text())
            .setDelay(Duration.newBuilder().setSeconds(terms.delay().toSeconds()))
            .setRoute(terms.route().map(HiddenRoute::text).orElse(""))
            .setAskTime(RequestMessages.timestamp(terms.asked()))
            .setExpireTime(RequestMessages.timestamp(terms.expires()))
            .setStatement(held.statement().text())
            .setMissing(missing(held));
    switch (request.content().intent()) {
      case Intent.OfTransaction transaction -> call(transaction, message);
      case Intent.PersonalMessage(Bytes text) ->
          message.setPersonalMessage(RequestMessages.bytes(text));
      case Intent.TypedData(String json) -> message.setTypedData(json);
    }
    if (held.statement().subject() instanceof ApprovedTransaction approved) {
      message.setMaximumGasCost(approved.maximumGasCost().toString());
    }
    request
        .content()
        .envelope()
        .map(EnvelopeCodec::encode)
        .map(RequestMessages::bytes)
        .ifPresent(message::setEnvelope);
    request
        .content()
        .feeChoice()
        .byMarket()
        .map(MarketFeeMessages::of)
        .ifPresent(message::setMarketFees);
    request
        .content()
        .fees()
        .ifPresent(
            fees ->
                message.setFees(
                    Fees.newBuilder()
                        .setMaxPriorityFeePerGas(fees.maxPriorityFeePerGas().toString())
                        .setMaxFeePerGas(fees.maxFeePerGas().toString())
                        .setGasLimit(fees.gasLimit().units())));
    Set<Approval> ignored = new HashSet<>();
    held.tally().ignored().forEach(one -> ignored.add(one.approval()));
    held.given().stream()
        .filter(given -> !ignored.contains(given.approval()))
        .forEach(given -> message.addGiven(given(given)));
    return message.build();
  }

  private static void call(Intent.OfTransaction transaction, PendingApproval.Builder message) {
    CallEncoder.Call call = CallEncoder.encode(transaction);
    message
        .setTo(call.to().map(Address::checksummed).orElse(""))
        .setValue(call.value().toString())
        .setData(RequestMessages.bytes(call.data()));
  }

  private static String missing(HeldRequest held) {
    return held.tally().outcome() instanceof Outcome.Waiting waiting ? waiting.missing() : "";
  }

  private static GivenApproval given(HeldRequest.Given given) {
    return given(given.approval())
        .setReason(given.reason())
        .setDecideTime(RequestMessages.timestamp(given.at()))
        .build();
  }

  /// Without its reason and its time.
  static GivenApproval.Builder given(Approval approval) {
    return GivenApproval.newBuilder()
        .setApprover(approval.approver().value())
        .setDecision(
            switch (approval.decision()) {
              case APPROVE -> GivenApproval.Decision.DECISION_APPROVE;
              case REJECT -> GivenApproval.Decision.DECISION_REJECT;
            })
        .setKey(approval.key().text())
        .setSignature(RequestMessages.bytes(approval.signature()));
  }
}
