package dev.countersign.nonce.fee;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodeText;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Quantities;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a unit of gas costs, and how many of them there are. Where a chain has no base fee, tip and
/// maximum are its one price.
///
/// @param nextBaseFee what the next block takes of each unit, whoever pays
/// @param blockGasLimit the most units that the newest block may hold
record GasPrice(
    Wei maxPriorityFeePerGas, Wei maxFeePerGas, Wei nextBaseFee, BigInteger blockGasLimit) {
  /// The base fee grows by at most an eighth per block, so twice of it lasts for six full blocks.
  private static final BigInteger BASE_FEE_ROOM = BigInteger.TWO;

  private static final BigInteger ONE_PRICE_PERCENT = BigInteger.valueOf(110);
  private static final BigInteger NINETY_NINE = BigInteger.valueOf(99);
  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  private static final int BLOCKS = 10;
  private static final List<Integer> MEDIAN = List.of(50);
  private static final RpcCall HISTORY = RpcCall.feeHistory(BLOCKS, MEDIAN);

  /// Asks the chain's node: twice the next block's base fee, and the tip the node proposes or,
  /// where it proposes none, the median of what the last blocks took.
  ///
  /// @throws NodeUnavailableException also when the chain has no base fee
  static GasPrice ask(NodePool node, FeeModel model) {
    return model.hasBaseFee() ? askHistory(node) : askOnePrice(node);
  }

  /// Where there is no base fee: the one price that the node proposes. A tenth on top lasts for as
  /// long as the price does not rise by more.
  private static GasPrice askOnePrice(NodePool node) {
    List<RpcAnswer> answers = node.call(List.of(RpcCall.gasPrice(), RpcCall.latestBlock()));
    BigInteger price =
        Quantities.read("gas price", RpcAnswer.resultOf(RpcCall.gasPrice(), answers.getFirst()));
    BigInteger roomy = price.multiply(ONE_PRICE_PERCENT).add(NINETY_NINE).divide(HUNDRED);
    return of(price, roomy, BigInteger.ZERO, answers.getLast());
  }

  private static GasPrice askHistory(NodePool node) {
    List<RpcAnswer> answers =
        node.call(List.of(HISTORY, RpcCall.maxPriorityFeePerGas(), RpcCall.latestBlock()));
    JsonNode history = RpcAnswer.resultOf(HISTORY, answers.getFirst());
    BigInteger tip =
        switch (answers.get(1)) {
          case RpcAnswer.Result result -> Quantities.read("priority fee", result.value());
          case RpcAnswer.Failure failure -> medianTip(history);
        };
    BigInteger base = nextBaseFee(history);
    BigInteger max = base.multiply(BASE_FEE_ROOM).add(tip);
    return of(tip, max, base, answers.getLast());
  }

  private static GasPrice of(
      BigInteger tip, BigInteger max, BigInteger base, RpcAnswer latestBlock) {
    BigInteger units =
        Quantities.read(
            "block gas limit",
            RpcAnswer.resultOf(RpcCall.latestBlock(), latestBlock).path("gasLimit"));
    try {
      return new GasPrice(new Wei(tip), new Wei(max), new Wei(base), units);
    } catch (InvalidValueException e) {
      throw new NodeUnavailableException("fees that cannot be: " + e.getMessage(), e);
    }
  }

  private static BigInteger nextBaseFee(JsonNode history) {
    JsonNode baseFees = history.path("baseFeePerGas");
    if (baseFees.isEmpty()) {
      throw new NodeUnavailableException(
          "fee history: expected base fees as EIP-1559 has them, got "
              + NodeText.shown(history.toString()));
    }
    return Quantities.read("base fee", baseFees.get(baseFees.size() - 1));
  }

  private static BigInteger medianTip(JsonNode history) {
    List<BigInteger> tips =
        history
            .path("reward")
            .valueStream()
            .map(block -> Quantities.read("reward", block.path(0)))
            .sorted()
            .toList();
    return tips.isEmpty() ? BigInteger.ZERO : tips.get(tips.size() / 2);
  }
}
