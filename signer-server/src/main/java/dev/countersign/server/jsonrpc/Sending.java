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

  Sending(
      WalletAccounts accounts, Submitting submitting, TransactionPricer pricer, NodePools nodes) {
    this.accounts = accounts;
    this.submitting = submitting;
    this.pricer = pricer;
    this.nodes = nodes;
  }

  JsonNode send(RpcCallContext call, Params params) {
    AskedTransaction asked =
        AskedTransaction.read(params.at(0, "a transaction object"), call.chain());
    Wallet wallet = accounts.of(asked.from());
    RequestContent content =
        new RequestContent(wallet.id(), call.chain(), asked.intent(), Optional.empty());
    try {
      return submitting.submit(
          call,
          METHOD,
          content,
          () ->
              new RequestContent(
                  wallet.id(), call.chain(), asked.intent(), fees(call, asked), Optional.empty()));
    } catch (RpcException e) {
      throw e.error().code() == RpcError.REVERTED ? withData(e, call, asked) : e;
    }
  }

  /// Without a tip the price is found when the transaction gets its nonce, by the chain's own
  /// strategy, or with the maximum fee as the cap. With one, the client insists on its fees; what
  /// is missing is completed from what the chain takes now.
  private FeeChoice fees(RpcCallContext call, AskedTransaction asked) {
    try {
      if (asked.tip().isEmpty()) {
        return new FeeChoice.ByMarket(
            asked.most().map(_ -> FeeStrategy.FIXED_CAP),
            asked.most(),
            asked.gas().map(Sending::gasLimit));
      }
      return new FeeChoice.Exact(exact(call, asked, asked.tip().get()));
    } catch (InvalidValueException e) {
      throw Params.wrong(String.valueOf(e.getMessage()));
    }
  }

  private Fees exact(RpcCallContext call, AskedTransaction asked, Wei tip) {
    if (asked.most().isPresent() && asked.gas().isPresent()) {
      return new Fees(tip, asked.most().get(), gasLimit(asked.gas().get()));
    }
    Fees priced = priced(call, asked);
    Wei most =
        asked.most().orElse(tip.compareTo(priced.maxFeePerGas()) > 0 ? tip : priced.maxFeePerGas());
    return new Fees(tip, most, asked.gas().map(Sending::gasLimit).orElse(priced.gasLimit()));
  }

  private Fees priced(RpcCallContext call, AskedTransaction asked) {
    Question question =
        new Question(
            call.chain(), asked.from(), CallEncoder.encode(asked.intent()), Optional.empty());
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
  private RpcException withData(RpcException thrown, RpcCallContext call, AskedTransaction asked) {
    try {
      RpcAnswer answer =
          nodes
              .of(call.chain())
              .passOn(
                  List.of(
                      RpcCall.estimateGas(
                          asked.from(),
                          CallEncoder.encode(asked.intent()),
                          Envelope.FeeMarket.PLAIN)))
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
