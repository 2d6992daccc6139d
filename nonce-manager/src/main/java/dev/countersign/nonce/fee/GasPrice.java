package dev.countersign.nonce.fee;

import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.Wei;
import dev.countersign.core.replacement.FeeQuote;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.chain.FeeStrategies;
import dev.countersign.nonce.node.NoQuorumException;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Quantities;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// What a unit of gas costs, by each strategy, and how many of them there are. Where a chain has no
/// base fee, tip and maximum are parts of its one price.
///
/// @param hasBaseFee whether the chain takes of the maximum only what it needs
/// @param offers by strategy; each at least those before it. None of [FeeStrategy#FIXED_CAP]
/// @param proposedTip what the node proposes, or the tip of [FeeStrategy#NORMAL] where it does not
/// @param nextBaseFee what the next block takes of each unit, whoever pays
/// @param blockGasLimit the most units that the newest block may hold
/// @param blobPrice what the next block takes of a unit of blob gas; nothing where the chain takes
/// no blobs, or no node tells
record GasPrice(
    boolean hasBaseFee,
    FeeStrategy standard,
    Map<FeeStrategy, Offer> offers,
    Wei proposedTip,
    Wei nextBaseFee,
    BigInteger blockGasLimit,
    Optional<BigInteger> blobPrice) {
  private static final BigInteger HUNDRED = BigInteger.valueOf(100);
  private static final BigInteger NINETY_NINE = BigInteger.valueOf(99);
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
  private static final List<FeeStrategy> ASCENDING =
      List.of(FeeStrategy.ECONOMY, FeeStrategy.NORMAL, FeeStrategy.URGENT);

  GasPrice {
    offers = Map.copyOf(offers);
  }

  /// @param tip at most `max`
  record Offer(Wei tip, Wei max) {
    /// What cannot be in 256 bits is cut: nobody can pay it anyway.
    static Offer of(BigInteger tip, BigInteger max) {
      return new Offer(new Wei(tip.min(MOST)), new Wei(max.min(MOST)));
    }
  }

  /// What a choice comes to.
  sealed interface Outcome {
    record Offered(Offer offer) implements Outcome {}

    /// @param least what the market takes at least, per unit of gas
    record AboveCap(Wei least, Wei cap) implements Outcome {}
  }

  /// What the node says at this moment.
  ///
  /// @param proposedTip nothing where the node proposes none
  static GasPrice ofHistory(
      FeeHistory history,
      Optional<BigInteger> proposedTip,
      FeeModel model,
      FeeStrategies strategies,
      BigInteger blockGasLimit) {
    BigInteger proposed = proposedTip.orElse(BigInteger.ZERO);
    // Geth and others keep no transaction without a tip, unless tips do not count on the chain.
    BigInteger least =
        proposedTip.isPresent() && proposed.signum() == 0 ? BigInteger.ZERO : BigInteger.ONE;
    List<Integer> asked = strategies.percentiles();
    boolean fromHistory = model != FeeModel.ARBITRUM && history.tips().size() == asked.size();
    Map<FeeStrategy, Offer> offers = new EnumMap<>(FeeStrategy.class);
    BigInteger tip = least;
    for (FeeStrategy strategy : ASCENDING) {
      FeeStrategies.Tier tier = strategies.tier(strategy);
      // A node may tell that a higher percentile paid less. It did not.
      tip = tip.max(fromHistory ? history.tips().get(asked.indexOf(tier.percentile())) : proposed);
      offers.put(strategy, Offer.of(tip, percent(history.nextBaseFee(), tier.headroom()).add(tip)));
    }
    return new GasPrice(
        true,
        strategies.standard(),
        offers,
        proposedTip.isPresent()
            ? new Wei(proposed.min(MOST))
            : Objects.requireNonNull(offers.get(FeeStrategy.NORMAL)).tip(),
        new Wei(history.nextBaseFee()),
        blockGasLimit,
        Optional.empty());
  }

  /// Where there is no base fee: parts of the one price that the node proposes.
  static GasPrice ofOnePrice(BigInteger price, FeeStrategies strategies, BigInteger blockGasLimit) {
    Map<FeeStrategy, Offer> offers = new EnumMap<>(FeeStrategy.class);
    for (FeeStrategy strategy : ASCENDING) {
      offers.put(strategy, Offer.of(price, percent(price, strategies.tier(strategy).gasPrice())));
    }
    return new GasPrice(
        false,
        strategies.standard(),
        offers,
        new Wei(price),
        Wei.ZERO,
        blockGasLimit,
        Optional.empty());
  }

  /// Asks the chain's nodes: a price that is too high is money lost, and one that is too low keeps
  /// a lane waiting, so no node alone is believed where others answer. Where no quorum does, one
  /// has to do: what policy and the client's cap allow is not passed for it.
  ///
  /// @throws NodeUnavailableException also when the chain has no base fee though its model has
  static GasPrice ask(NodePool node, ChainDefinition chain) {
    FeeModel model = chain.feeModel();
    FeeStrategies strategies = chain.facts().fees();
    List<RpcCall> calls = new ArrayList<>();
    if (model.hasBaseFee()) {
      calls.add(RpcCall.feeHistory(strategies.blocks(), strategies.percentiles()));
      calls.add(RpcCall.maxPriorityFeePerGas());
    } else {
      calls.add(RpcCall.gasPrice());
    }
    calls.add(RpcCall.latestBlock());
    if (chain.blobProofs().isPresent()) {
      calls.add(RpcCall.blobBaseFee());
    }
    List<GasPrice> prices = new ArrayList<>();
    Optional<NodeUnavailableException> unreadable = Optional.empty();
    for (List<RpcAnswer> answers : answers(node, calls)) {
      try {
        prices.add(read(calls, answers, model, strategies));
      } catch (NodeUnavailableException e) {
        unreadable = Optional.of(e);
      }
    }
    if (prices.isEmpty()) {
      throw unreadable.orElseThrow();
    }
    return vouched(prices, votes -> node.quorum().price(votes));
  }

  private static List<List<RpcAnswer>> answers(NodePool node, List<RpcCall> calls) {
    if (!node.hasQuorum()) {
      return List.of(node.call(calls));
    }
    try {
      return node.quorum().each(calls);
    } catch (NoQuorumException _) {
      return List.of(node.call(calls));
    }
  }

  private static GasPrice read(
      List<RpcCall> calls, List<RpcAnswer> answers, FeeModel model, FeeStrategies strategies) {
    JsonNode first = RpcAnswer.resultOf(calls.getFirst(), answers.getFirst());
    BigInteger blockGasLimit = blockGasLimit(answers.get(calls.indexOf(RpcCall.latestBlock())));
    GasPrice price =
        model.hasBaseFee()
            ? ofHistory(
                FeeHistory.read(first, strategies.percentiles().size(), strategies.blocks()),
                answers.get(1) instanceof RpcAnswer.Result result
                    ? Optional.of(Quantities.read("priority fee", result.value()))
                    : Optional.empty(),
                model,
                strategies,
                blockGasLimit)
            : ofOnePrice(Quantities.read("gas price", first), strategies, blockGasLimit);
    return price.withBlobs(blobPrice(calls, answers));
  }

  /// A node that does not tell it, or not so that it can be read, is good for gas all the same.
  private static Optional<BigInteger> blobPrice(List<RpcCall> calls, List<RpcAnswer> answers) {
    int asked = calls.indexOf(RpcCall.blobBaseFee());
    if (asked < 0 || !(answers.get(asked) instanceof RpcAnswer.Result(JsonNode told))) {
      return Optional.empty();
    }
    try {
      return Optional.of(Quantities.read("blob base fee", told));
    } catch (NodeUnavailableException _) {
      return Optional.empty();
    }
  }

  private GasPrice withBlobs(Optional<BigInteger> told) {
    return new GasPrice(
        hasBaseFee, standard, offers, proposedTip, nextBaseFee, blockGasLimit, told);
  }

  /// One price of several nodes'. Each number is found by itself; as they are all found alike, what
  /// was never above another in any of them is not in this.
  ///
  /// @param prices at least one
  static GasPrice vouched(List<GasPrice> prices, Function<List<BigInteger>, BigInteger> vote) {
    Map<FeeStrategy, Offer> offers = new EnumMap<>(FeeStrategy.class);
    for (FeeStrategy strategy : ASCENDING) {
      offers.put(
          strategy,
          Offer.of(
              vote(prices, price -> price.offerOf(strategy).tip().value(), vote),
              vote(prices, price -> price.offerOf(strategy).max().value(), vote)));
    }
    GasPrice any = prices.getFirst();
    List<BigInteger> blobPrices =
        prices.stream().flatMap(price -> price.blobPrice.stream()).toList();
    return new GasPrice(
        any.hasBaseFee,
        any.standard,
        offers,
        new Wei(vote(prices, price -> price.proposedTip.value(), vote)),
        new Wei(vote(prices, price -> price.nextBaseFee.value(), vote)),
        vote(prices, GasPrice::blockGasLimit, vote),
        blobPrices.isEmpty() ? Optional.empty() : Optional.of(vote.apply(blobPrices)));
  }

  private static BigInteger vote(
      List<GasPrice> prices,
      Function<GasPrice, BigInteger> number,
      Function<List<BigInteger>, BigInteger> vote) {
    return vote.apply(prices.stream().map(number).toList());
  }

  private static BigInteger blockGasLimit(RpcAnswer latestBlock) {
    return Quantities.read(
        "block gas limit", RpcAnswer.resultOf(RpcCall.latestBlock(), latestBlock).path("gasLimit"));
  }

  /// Rounded up.
  private static BigInteger percent(BigInteger value, int percent) {
    return value.multiply(BigInteger.valueOf(percent)).add(NINETY_NINE).divide(HUNDRED);
  }

  /// What is offered by that choice now: never more than its cap, and nothing at all when the
  /// market takes no less than more than that.
  Outcome offer(FeeChoice.ByMarket choice) {
    FeeStrategy strategy = choice.strategy().orElse(standard);
    Offer offer = offerOf(strategy);
    if (choice.cap().isEmpty()) {
      return new Outcome.Offered(offer);
    }
    Wei cap = choice.cap().get();
    Wei least = least();
    if (cap.compareTo(least) < 0) {
      return new Outcome.AboveCap(least, cap);
    }
    boolean takesWhatItNeeds = strategy == FeeStrategy.FIXED_CAP && hasBaseFee;
    Wei max = takesWhatItNeeds || cap.compareTo(offer.max()) < 0 ? cap : offer.max();
    return new Outcome.Offered(new Offer(offer.tip().compareTo(max) > 0 ? max : offer.tip(), max));
  }

  /// What a replacement by that strategy is measured by.
  FeeQuote quote(FeeStrategy strategy) {
    Offer offer = offerOf(strategy);
    return new FeeQuote(offer.tip(), offer.max(), nextBaseFee);
  }

  /// Below it nothing is mined now: the next block's base fee and the lowest tip that gets in, or
  /// the proposed price.
  private Wei least() {
    return new Wei(nextBaseFee.value().add(offerOf(FeeStrategy.ECONOMY).tip().value()).min(MOST));
  }

  private Offer offerOf(FeeStrategy strategy) {
    return Objects.requireNonNull(
        offers.get(strategy == FeeStrategy.FIXED_CAP ? FeeStrategy.NORMAL : strategy));
  }
}
