package dev.countersign.server.jsonrpc;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.RequestContent;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import dev.countersign.server.blob.AskedBlobs;
import dev.countersign.server.blob.BlobReading;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// `eth_sendTransaction`: the whole way of a request.
final class Sending {
  static final String METHOD = "eth_sendTransaction";

  private final WalletAccounts accounts;
  private final Submitting submitting;
  private final TransactionPricer pricer;
  private final NodePools nodes;
  private final BlobReading blobs;

  Sending(
      WalletAccounts accounts,
      Submitting submitting,
      TransactionPricer pricer,
      NodePools nodes,
      BlobReading blobs) {
    this.blobs = blobs;
    this.accounts = accounts;
    this.submitting = submitting;
    this.pricer = pricer;
    this.nodes = nodes;
  }

  JsonNode send(RpcCallContext call, Params params) {
    AskedTransaction asked =
        AskedTransaction.read(params.at(0, "a transaction object"), call.chain());
    Wallet wallet = accounts.of(asked.from());
    Optional<BlobReading.Outcome.Proven> proven = asked.blobs().map(some -> proven(call, some));
    Optional<Envelope> envelope =
        proven.<Envelope>map(BlobReading.Outcome.Proven::envelope).or(asked::envelope);
    RequestContent content = content(wallet, call, asked, FeeChoice.ByMarket.UNSAID, envelope);
    try {
      return submitting.submit(
          call,
          METHOD,
          content,
          () -> content(wallet, call, asked, fees(call, asked, envelope), envelope),
          proven.map(BlobReading.Outcome.Proven::sidecar));
    } catch (RpcException e) {
      throw e.error().code() == RpcError.REVERTED ? withData(e, call, asked, envelope) : e;
    }
  }

  private static RequestContent content(
      Wallet wallet,
      RpcCallContext call,
      AskedTransaction asked,
      FeeChoice fees,
      Optional<Envelope> envelope) {
    try {
      return new RequestContent(wallet.id(), call.chain(), asked.intent(), fees, envelope);
    } catch (InvalidValueException e) {
      throw Params.wrong(String.valueOf(e.getMessage()));
    }
  }

  private BlobReading.Outcome.Proven proven(RpcCallContext call, AskedBlobs asked) {
    return switch (blobs.read(call.request(), call.chain(), asked)) {
      case BlobReading.Outcome.Proven proven -> proven;
      case BlobReading.Outcome.Refused(Refusal refusal) ->
          throw submitting.refused(
              call,
              METHOD,
              call.request(),
              new Refusal(
                  refusal.code(),
                  switch (refusal.field()) {
                    case "versioned_hashes" -> "blobVersionedHashes";
                    case "max_fee_per_blob_gas" -> "maxFeePerBlobGas";
                    default -> refusal.field();
                  },
                  refusal.message()));
    };
  }

  /// Without a tip the price is found when the transaction gets its nonce, by the chain's own
  /// strategy, or with the maximum fee as the cap. With one, the client insists on its fees; what
  /// is missing is completed from what the chain takes now.
  private FeeChoice fees(RpcCallContext call, AskedTransaction asked, Optional<Envelope> envelope) {
    try {
      if (asked.tip().isEmpty()) {
        return new FeeChoice.ByMarket(
            asked.most().map(_ -> FeeStrategy.FIXED_CAP),
            asked.most(),
            asked.gas().map(Sending::gasLimit));
      }
      return new FeeChoice.Exact(exact(call, asked, asked.tip().get(), envelope));
    } catch (InvalidValueException e) {
      throw Params.wrong(String.valueOf(e.getMessage()));
    }
  }

  private Fees exact(
      RpcCallContext call, AskedTransaction asked, Wei tip, Optional<Envelope> envelope) {
    if (asked.most().isPresent() && asked.gas().isPresent()) {
      return new Fees(tip, asked.most().get(), gasLimit(asked.gas().get()));
    }
    Fees priced = priced(call, asked, envelope);
    Wei most =
        asked.most().orElse(tip.compareTo(priced.maxFeePerGas()) > 0 ? tip : priced.maxFeePerGas());
    return new Fees(tip, most, asked.gas().map(Sending::gasLimit).orElse(priced.gasLimit()));
  }

  private Fees priced(RpcCallContext call, AskedTransaction asked, Optional<Envelope> envelope) {
    Question question =
        new Question(
            call.chain(),
            asked.from(),
            CallEncoder.encode(asked.intent()),
            Optional.empty(),
            envelope);
    return switch (pricer.price(List.of(question)).getFirst()) {
      case Answer.Priced priced -> priced.fees();
      case Answer.Reverts reverts ->
          throw refused(call, Refusal.Code.SIMULATION_REVERTED, reverted(reverts.reason()));
      case Answer.InsufficientFunds poor ->
          throw refused(call, Refusal.Code.INSUFFICIENT_FUNDS, poor.detail());
      case Answer.UnsupportedType unsupported ->
          throw refused(call, Refusal.Code.UNSUPPORTED_TRANSACTION, unsupported.detail());
      case Answer.UnusableFees unusable ->
          throw refused(call, Refusal.Code.UNUSABLE_FEES, unusable.detail());
      case Answer.MarketAboveCap above ->
          throw refused(call, Refusal.Code.MARKET_ABOVE_CAP, above.detail());
      case Answer.NodeUnavailable down ->
          throw refused(call, Refusal.Code.NODE_UNAVAILABLE, down.detail() + "; try again");
    };
  }

  private RpcException refused(RpcCallContext call, Refusal.Code code, String message) {
    return submitting.refused(call, METHOD, call.request(), new Refusal(code, "", message));
  }

  private static String reverted(String reason) {
    return "the transaction would revert: " + reason;
  }

  private static GasLimit gasLimit(BigInteger units) {
    if (units.bitLength() > 63) {
      throw Params.wrong("gas: expected fewer than 2^63 units");
    }
    return new GasLimit(units.longValueExact());
  }

  /// What the contract returned, which is what libraries read the reason from: asked of the node
  /// once more, as the pipeline keeps the words only.
  private RpcException withData(
      RpcException thrown,
      RpcCallContext call,
      AskedTransaction asked,
      Optional<Envelope> envelope) {
    try {
      RpcAnswer answer =
          nodes
              .of(call.chain())
              .passOn(
                  List.of(
                      RpcCall.estimateGas(
                          asked.from(),
                          CallEncoder.encode(asked.intent()),
                          envelope.orElse(Envelope.FeeMarket.PLAIN).withoutFee())))
              .getFirst();
      return answer instanceof RpcAnswer.Failure failure && failure.data().startsWith("0x")
          ? new RpcError(
                  RpcError.REVERTED,
                  failure.message(),
                  Optional.of(JsonNodeFactory.instance.stringNode(failure.data())))
              .thrown()
          : thrown;
    } catch (NodeUnavailableException e) {
      return thrown;
    }
  }
}
