package dev.countersign.server.grpc;

import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.pipeline.Submission;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.core.request.RequestContent;
import dev.countersign.server.access.Caller;
import dev.countersign.server.blob.BlobReading;
import java.util.Optional;

/// From a `SignTransactionRequest` to a submission, every field checked.
final class SubmissionReader {
  private final SignTransactionRequest message;
  private final FieldReader fields;

  private final BlobReading blobs;

  private SubmissionReader(SignTransactionRequest message, BlobReading blobs) {
    this.message = message;
    this.blobs = blobs;
    this.fields = new FieldReader(message.getRequestId());
  }

  /// @throws RefusedException that names the first field that is wrong
  static Submission read(SignTransactionRequest message, Caller caller, BlobReading blobs) {
    return new SubmissionReader(message, blobs).submission(caller);
  }

  /// What a message has besides blobs, in bytes.
  static int sizeBesidesBlobs(SignTransactionRequest message) {
    return message.getSerializedSize() - message.getBlobs().getSerializedSize();
  }

  private Submission submission(Caller caller) {
    if (sizeBesidesBlobs(message) > RequestBoundary.LARGEST) {
      throw fields.refused(
          "",
          Code.TOO_LARGE,
          "a message of %d bytes besides its blobs; at most %d are read"
              .formatted(sizeBesidesBlobs(message), RequestBoundary.LARGEST));
    }
    IdempotencyKey key =
        fields.read(
            "request_id",
            Code.MALFORMED,
            message.getRequestId(),
            id -> new IdempotencyKey(caller.id(), id));
    WalletId wallet = fields.read("wallet", Code.MALFORMED, message.getWallet(), WalletId::new);
    ChainId chain = fields.read("chain", Code.MALFORMED, message.getChain(), ChainId::new);
    if (message.hasBlobs()) {
      return withBlobs(new BlobMessages(message, fields, blobs), key, wallet, chain, caller);
    }
    return new Submission(
        key,
        content(wallet, chain, Optional.empty()),
        caller.actor(),
        Optional.of(caller.origin()));
  }

  private Submission withBlobs(
      BlobMessages reading, IdempotencyKey key, WalletId wallet, ChainId chain, Caller caller) {
    Optional<UnsignedTransaction> encoded =
        message.getTransactionCase() == SignTransactionRequest.TransactionCase.ENCODED
            ? Optional.of(encoded(chain))
            : Optional.empty();
    BlobReading.Outcome.Proven proven = reading.read(key, chain, encoded);
    RequestContent content =
        encoded
            .map(transaction -> content(wallet, transaction))
            .orElseGet(() -> content(wallet, chain, Optional.of(proven.envelope())));
    return new Submission(
        key, content, caller.actor(), Optional.of(caller.origin()), Optional.of(proven.sidecar()));
  }

  private RequestContent content(WalletId wallet, ChainId chain, Optional<Envelope> envelope) {
    return switch (message.getTransactionCase()) {
      case NATIVE_TRANSFER -> content(wallet, chain, nativeTransfer(), envelope);
      case ERC20_TRANSFER -> content(wallet, chain, tokenTransfer(), envelope);
      case CONTRACT_CALL -> content(wallet, chain, contractCall(), envelope);
      case CONTRACT_CREATION -> content(wallet, chain, contractCreation(), envelope);
      case ENCODED -> content(wallet, encoded(chain));
      case TRANSACTION_NOT_SET ->
          throw fields.refused(
              "transaction",
              Code.MALFORMED,
              "one of native_transfer, erc20_transfer, contract_call, contract_creation, encoded is"
                  + " required");
    };
  }

  private RequestContent content(
      WalletId wallet, ChainId chain, Intent intent, Optional<Envelope> envelope) {
    FeeChoice choice =
        message.hasMarketFees()
            ? MarketFeeMessages.read(message.getMarketFees(), fields)
            : FeeChoice.of(fees());
    return fields.check(
        "transaction",
        Code.UNSUPPORTED_TRANSACTION,
        () -> new RequestContent(wallet, chain, intent, choice, envelope));
  }

  private Intent nativeTransfer() {
    var transfer = message.getNativeTransfer();
    return new Intent.NativeTransfer(
        address("native_transfer.to", transfer.getTo()),
        wei("native_transfer.amount", transfer.getAmount()));
  }

  private Intent tokenTransfer() {
    var transfer = message.getErc20Transfer();
    return new Intent.Erc20Transfer(
        address("erc20_transfer.token", transfer.getToken()),
        address("erc20_transfer.to", transfer.getTo()),
        fields.read(
            "erc20_transfer.amount",
            Code.INVALID_AMOUNT,
            transfer.getAmount(),
            TokenAmount::parse));
  }

  private Intent contractCall() {
    var call = message.getContractCall();
    Address to = address("contract_call.to", call.getTo());
    Wei value = call.getValue().isEmpty() ? Wei.ZERO : wei("contract_call.value", call.getValue());
    return fields.check(
        "contract_call.data",
        Code.INVALID_CALL_DATA,
        () -> new Intent.ContractCall(to, value, Bytes.of(call.getData().toByteArray())));
  }

  private Intent contractCreation() {
    var creation = message.getContractCreation();
    Wei value =
        creation.getValue().isEmpty()
            ? Wei.ZERO
            : wei("contract_creation.value", creation.getValue());
    return fields.check(
        "contract_creation.init_code",
        Code.INVALID_CALL_DATA,
        () -> new Intent.ContractCreation(value, Bytes.of(creation.getInitCode().toByteArray())));
  }

  private UnsignedTransaction encoded(ChainId chain) {
    UnsignedTransaction transaction =
        switch (TransactionDecoder.decode(Bytes.of(message.getEncoded().toByteArray()))) {
          case TransactionDecoder.Outcome.Decoded decoded -> decoded.transaction();
          case TransactionDecoder.Outcome.Undecodable bad ->
              throw fields.refused("encoded", code(bad.problem()), bad.detail());
        };
    if (!transaction.chain().equals(chain)) {
      throw fields.refused(
          "encoded",
          Code.MALFORMED,
          "the transaction is for chain %s, the request for %s"
              .formatted(transaction.chain(), chain));
    }
    if (transaction.nonce().value() != 0) {
      throw fields.refused(
          "encoded",
          Code.MALFORMED,
          "its nonce is %s, expected 0: the nonce that Countersign owns takes its place"
              .formatted(transaction.nonce()));
    }
    if (message.hasFees() || message.hasMarketFees()) {
      throw fields.refused(
          message.hasFees() ? "fees" : "market_fees",
          Code.MALFORMED,
          "an encoded transaction carries its fees; leave them out");
    }
    if (transaction.envelope() instanceof Envelope.Blobs && !message.hasBlobs()) {
      throw fields.refused(
          "blobs",
          Code.INVALID_BLOBS,
          "a transaction of type 3 (EIP-4844) names blobs: send them along");
    }
    return transaction;
  }

  private static RequestContent content(WalletId wallet, UnsignedTransaction transaction) {
    return new RequestContent(
        wallet,
        transaction.chain(),
        transaction.intent(),
        Optional.of(transaction.fees()),
        Optional.of(transaction.envelope()));
  }

  private static Code code(TransactionDecoder.Problem problem) {
    return switch (problem) {
      case MALFORMED, NOT_CANONICAL -> Code.MALFORMED;
      case TOO_LARGE -> Code.TOO_LARGE;
      case UNPROTECTED_LEGACY -> Code.UNPROTECTED_LEGACY_TRANSACTION;
      case UNSUPPORTED_TYPE -> Code.UNSUPPORTED_TRANSACTION;
    };
  }

  private Optional<Fees> fees() {
    if (!message.hasFees()) {
      return Optional.empty();
    }
    var asked = message.getFees();
    Wei tip = wei("fees.max_priority_fee_per_gas", asked.getMaxPriorityFeePerGas());
    Wei most = wei("fees.max_fee_per_gas", asked.getMaxFeePerGas());
    GasLimit gas =
        fields.check(
            "fees.gas_limit", Code.INVALID_AMOUNT, () -> new GasLimit(asked.getGasLimit()));
    return Optional.of(fields.check("fees", Code.INVALID_AMOUNT, () -> new Fees(tip, most, gas)));
  }

  private Address address(String field, String text) {
    return fields.read(field, Code.INVALID_ADDRESS, text, Address::parse);
  }

  private Wei wei(String field, String text) {
    return fields.read(field, Code.INVALID_AMOUNT, text, Wei::parse);
  }
}
