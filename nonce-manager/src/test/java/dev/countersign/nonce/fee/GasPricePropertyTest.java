package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.Wei;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.chain.FeeStrategies;
import dev.countersign.nonce.fee.GasPrice.Offer;
import dev.countersign.nonce.fee.GasPrice.Outcome;
import dev.countersign.nonce.node.NodeUnavailableException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What strategies come to, whatever a node says.
class GasPricePropertyTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
  private static final BigInteger GAS = BigInteger.valueOf(30_000_000);
  private static final FeeStrategies STRATEGIES = FeeStrategies.DEFAULT;

  /// Usual numbers, and absurd ones.
  private static Arbitrary<BigInteger> quantities() {
    return Arbitraries.oneOf(
        Arbitraries.bigIntegers().between(BigInteger.ZERO, GWEI.multiply(BigInteger.valueOf(500))),
        Arbitraries.bigIntegers().between(BigInteger.ZERO, MOST),
        Arbitraries.of(BigInteger.ZERO, BigInteger.ONE, MOST));
  }

  /// Any history: blocks without transactions, rewards that are not ascending, none at all.
  private static Arbitrary<String> histories() {
    Arbitrary<String> block =
        quantities()
            .map(value -> "\"0x" + value.toString(16) + "\"")
            .list()
            .ofSize(3)
            .map(row -> "[" + String.join(",", row) + "]");
    return Combinators.combine(
            quantities().list().ofMinSize(1).ofMaxSize(12),
            Arbitraries.oneOf(
                block.list().ofMaxSize(12).map(Object::toString), Arbitraries.just("null")),
            Arbitraries.of("0", "0.0", "0.5", "1").list().ofMaxSize(12))
        .as(
            (bases, rewards, used) ->
                "{\"baseFeePerGas\":[%s],\"reward\":%s,\"gasUsedRatio\":%s}"
                    .formatted(
                        bases.stream()
                            .map(base -> "\"0x" + base.toString(16) + "\"")
                            .collect(Collectors.joining(",")),
                        rewards,
                        used));
  }

  @Provide
  Arbitrary<GasPrice> prices() {
    return Arbitraries.oneOf(
        Combinators.combine(
                histories(),
                quantities().optional(),
                Arbitraries.of(FeeModel.EIP1559, FeeModel.OP_STACK, FeeModel.ARBITRUM))
            .as(
                (history, proposed, model) ->
                    GasPrice.ofHistory(read(history), proposed, model, STRATEGIES, GAS)),
        quantities().map(price -> GasPrice.ofOnePrice(price, STRATEGIES, GAS)));
  }

  @Provide
  Arbitrary<BigInteger> caps() {
    return quantities();
  }

  @Property(tries = 500)
  void economyIsAtMostNormalAndNormalAtMostUrgent(
      @ForAll("prices") GasPrice price, @ForAll("caps") BigInteger cap) {
    for (Optional<Wei> most : List.of(Optional.<Wei>empty(), Optional.of(new Wei(cap)))) {
      List<Outcome> ascending =
          List.of(FeeStrategy.ECONOMY, FeeStrategy.NORMAL, FeeStrategy.URGENT).stream()
              .map(strategy -> price.offer(choice(strategy, most)))
              .toList();
      for (int i = 1; i < ascending.size(); i++) {
        if (ascending.get(i - 1) instanceof Outcome.Offered(Offer less)
            && ascending.get(i) instanceof Outcome.Offered(Offer more)) {
          assertThat(less.max()).isLessThanOrEqualTo(more.max());
          assertThat(less.tip()).isLessThanOrEqualTo(more.tip());
        } else {
          assertThat(ascending)
              .as("one cap, one market: all or none")
              .allMatch(Outcome.AboveCap.class::isInstance);
        }
      }
    }
  }

  @Property(tries = 500)
  void nothingIsOfferedAboveTheCapNorBelowWhatTheNextBlockTakes(
      @ForAll("prices") GasPrice price,
      @ForAll("caps") BigInteger cap,
      @ForAll FeeStrategy strategy) {
    switch (price.offer(choice(strategy, Optional.of(new Wei(cap))))) {
      case Outcome.Offered(Offer offer) -> {
        assertThat(offer.max()).isLessThanOrEqualTo(new Wei(cap));
        assertThat(offer.tip()).isLessThanOrEqualTo(offer.max());
        assertThat(offer.max()).isGreaterThanOrEqualTo(price.nextBaseFee());
      }
      case Outcome.AboveCap above -> {
        assertThat(above.least()).isGreaterThan(above.cap());
        assertThat(above.cap()).isEqualTo(new Wei(cap));
      }
    }
  }

  @Property(tries = 200)
  void aFixedCapOffersItWhereTheChainTakesOnlyWhatItNeeds(
      @ForAll("prices") GasPrice price, @ForAll("caps") BigInteger cap) {
    Optional<Wei> most = Optional.of(new Wei(cap));
    Outcome normal = price.offer(choice(FeeStrategy.NORMAL, most));
    if (price.offer(choice(FeeStrategy.FIXED_CAP, most)) instanceof Outcome.Offered(Offer offer)) {
      assertThat(offer.max())
          .isEqualTo(price.hasBaseFee() ? most.get() : ((Outcome.Offered) normal).offer().max());
    } else {
      assertThat(normal).isInstanceOf(Outcome.AboveCap.class);
    }
  }

  @Example
  void takesTheMedianOverBlocksOfEachPercentile() {
    GasPrice price =
        price(
            """
            {"baseFeePerGas":["0x1","0x2","0x64"],
             "gasUsedRatio":[0.5,0,0.9,0.1],
             "reward":[["0x1","0x5","0x9"],["0x0","0x0","0x0"],["0x3","0x7","0xb"],["0x2","0x6","0xa"]]}
            """);
    assertThat(offer(price, FeeStrategy.ECONOMY)).isEqualTo(offer(2, 125 + 2));
    assertThat(offer(price, FeeStrategy.NORMAL)).isEqualTo(offer(6, 200 + 6));
    assertThat(offer(price, FeeStrategy.URGENT)).isEqualTo(offer(10, 300 + 10));
    assertThat(price.nextBaseFee()).isEqualTo(Wei.of(100));
  }

  @Example
  void oneBlockOfAMinerWhoPaysHimselfChangesLittle() {
    GasPrice price =
        price(
            """
            {"baseFeePerGas":["0x64"],"gasUsedRatio":[1,1,1],
             "reward":[["0x1","0x1","0x1"],["0x1","0x1","0x1"],["0xffffffffff","0xffffffffff","0xffffffffff"]]}
            """);
    assertThat(offer(price, FeeStrategy.URGENT)).isEqualTo(offer(1, 301));
  }

  @Example
  void withoutTipsInItTheProposedOneIsTaken() {
    for (String history :
        List.of(
            "{\"baseFeePerGas\":[\"0x64\"]}",
            "{\"baseFeePerGas\":[\"0x64\"],\"reward\":null}",
            "{\"baseFeePerGas\":[\"0x64\"],\"reward\":[],\"gasUsedRatio\":[]}",
            "{\"baseFeePerGas\":[\"0x64\"],\"reward\":[[\"0x9\",\"0x9\",\"0x9\"]],\"gasUsedRatio\":[0]}")) {
      assertThat(offer(price(history), FeeStrategy.NORMAL)).isEqualTo(offer(3, 203));
    }
  }

  @Example
  void onArbitrumTipsAreWhatTheNodeProposes() {
    GasPrice price =
        GasPrice.ofHistory(
            read("{\"baseFeePerGas\":[\"0x64\"],\"reward\":[[\"0x9\",\"0x9\",\"0x9\"]]}"),
            Optional.of(BigInteger.ZERO),
            FeeModel.ARBITRUM,
            STRATEGIES,
            GAS);
    assertThat(offer(price, FeeStrategy.ECONOMY)).isEqualTo(offer(0, 125));
    assertThat(offer(price, FeeStrategy.URGENT)).isEqualTo(offer(0, 300));
  }

  @Example
  void withoutABaseFeeItIsAPartOfTheProposedPrice() {
    GasPrice price = GasPrice.ofOnePrice(BigInteger.valueOf(1_001), STRATEGIES, GAS);
    assertThat(offer(price, FeeStrategy.ECONOMY)).isEqualTo(offer(1_001, 1_001));
    assertThat(offer(price, FeeStrategy.NORMAL)).isEqualTo(offer(1_001, 1_102));
    assertThat(offer(price, FeeStrategy.URGENT)).isEqualTo(offer(1_001, 1_302));
    assertThat(price.offer(choice(FeeStrategy.URGENT, Optional.of(Wei.of(1_000)))))
        .isEqualTo(new Outcome.AboveCap(Wei.of(1_001), Wei.of(1_000)));
  }

  @Example
  void whatIsNoHistoryIsNone() {
    for (String history :
        List.of(
            "null",
            "{}",
            "{\"baseFeePerGas\":[]}",
            "{\"baseFeePerGas\":\"0x1\"}",
            "{\"baseFeePerGas\":[\"-0x1\"]}",
            "{\"baseFeePerGas\":[\"0x1%s\"]}".formatted("0".repeat(64)),
            "{\"baseFeePerGas\":[\"0x1\"],\"reward\":[[\"0x1\",\"0x1\"]]}",
            "{\"baseFeePerGas\":[\"0x1\"],\"reward\":[[\"0x1\",\"0x1\",1]]}")) {
      assertThatThrownBy(() -> read(history))
          .as(history)
          .isInstanceOf(NodeUnavailableException.class);
    }
  }

  private static GasPrice price(String history) {
    return GasPrice.ofHistory(
        read(history), Optional.of(BigInteger.valueOf(3)), FeeModel.EIP1559, STRATEGIES, GAS);
  }

  private static FeeHistory read(String history) {
    JsonNode node = JSON.readTree(history);
    return FeeHistory.read(node, STRATEGIES.percentiles().size(), STRATEGIES.blocks());
  }

  private static FeeChoice.ByMarket choice(FeeStrategy strategy, Optional<Wei> cap) {
    return new FeeChoice.ByMarket(Optional.of(strategy), cap, Optional.empty());
  }

  private static Offer offer(GasPrice price, FeeStrategy strategy) {
    return ((Outcome.Offered) price.offer(choice(strategy, Optional.empty()))).offer();
  }

  private static Offer offer(long tip, long max) {
    return new Offer(Wei.of(tip), Wei.of(max));
  }
}
