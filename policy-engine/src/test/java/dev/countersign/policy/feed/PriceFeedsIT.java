package dev.countersign.policy.feed;

import static dev.countersign.policy.sample.PriceSamples.ETHER;
import static dev.countersign.policy.sample.PriceSamples.FEED_A;
import static dev.countersign.policy.sample.PriceSamples.FEED_B;
import static dev.countersign.policy.sample.PriceSamples.allowing;
import static dev.countersign.policy.sample.PriceSamples.ether;
import static dev.countersign.policy.sample.PriceSamples.section;
import static dev.countersign.policy.sample.PriceSamples.signed;
import static dev.countersign.policy.sample.PriceSamples.usd;
import static dev.countersign.policy.sample.PriceSamples.usdc;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payToken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.core.request.RequestContent;
import dev.countersign.policy.feed.PriceFeeds.Slot;
import dev.countersign.policy.feed.PriceFeeds.Taking;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.Samples;
import dev.countersign.policy.sample.TestPerson;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class PriceFeedsIT {
  private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
  private static final String[] ALLOWS = {
    "operations: [native-transfer, erc20-transfer]", "assets: any", "maximum: 50000 USD"
  };

  private final PolicyDatabase database;
  private final Instance instance;
  private Instant now = START;

  PriceFeedsIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instance = another();
  }

  @AfterAll
  void close() {
    database.close();
  }

  @BeforeEach
  void withoutPrices() {
    database.asSuperuser("DELETE FROM policy.price");
    now = now.plusSeconds(100_000);
  }

  private Instance another() {
    return database.instance(new LimitClock.Given(() -> now));
  }

  private List<Taking> publish(SignedPrice... prices) {
    return instance.feeds().publish(Stream.of(prices).map(SignedPrice::bytes).toList());
  }

  private void taken(SignedPrice... prices) {
    assertThat(publish(prices)).hasSize(prices.length).allMatch(Taking.Taken.class::isInstance);
  }

  private static PolicySubject asking(Intent.OfTransaction intent) {
    PolicySubject subject = Instance.request();
    return new PolicySubject(
        subject.request(),
        subject.key(),
        new RequestContent(subject.content().wallet(), subject.chain(), intent, Optional.empty()),
        subject.wallet(),
        subject.at());
  }

  private static Intent.OfTransaction ethers(long milli) {
    return pay(ALICE, BigInteger.valueOf(milli).multiply(BigInteger.TEN.pow(15)));
  }

  private static Decision ask(Instance of, Intent.OfTransaction intent) {
    return of.admit(asking(intent), intent);
  }

  private static String denial(Instance of, Intent.OfTransaction intent) {
    return ((Denied) ask(of, intent)).reason();
  }

  @Test
  void judgesByWhatFeedsPublishAsLongAsItIsFresh() {
    database.activate(instance, allowing(ALLOWS));
    assertThat(denial(another(), ethers(1)))
        .contains("no price of eip155:1/slip44:60 in USD that is at most PT5M old")
        .contains("there is none at all");
    SignedPrice price = ether(FEED_A, "2500", now);
    taken(price);
    Decision allowed = ask(instance, ethers(20_000));
    assertThat(((Allowed) allowed).observed().prices()).containsExactly(price);
    assertThat(denial(another(), ethers(20_001)))
        .contains("at most 50000 USD, got 50002.5 USD")
        .contains("at 2500 USD from feed-a of " + price.statement().asOf());
    now = now.plusSeconds(300);
    assertThat(ask(instance, ethers(20_000))).isInstanceOf(Allowed.class);
    now = now.plusSeconds(1);
    assertThat(denial(instance, ethers(20_000)))
        .contains("the newest is of " + price.statement().asOf() + " from feed-a");
    taken(ether(FEED_A, "2500", now));
    assertThat(ask(instance, ethers(20_000))).isInstanceOf(Allowed.class);
  }

  @Test
  void takesInOnlyWhatAFeedOfTheActivePolicySigned() {
    database.activate(instance, allowing(ALLOWS));
    SignedPrice right = ether(FEED_A, "2500", now);
    TestPerson stranger = new TestPerson("feed-c", 93);
    List<Bytes> offered =
        List.of(
            right.bytes(),
            signed(FEED_B, usd(FEED_A, ETHER, 18, "1", now.plusSeconds(1))).bytes(),
            ether(stranger, "1", now).bytes(),
            ether(FEED_B, "1", now.plusSeconds(11)).bytes(),
            Bytes.of("countersign/price/v1\n".getBytes(StandardCharsets.US_ASCII)),
            ether(FEED_A, "1", now.minusSeconds(1)).bytes(),
            ether(FEED_B, "2400", now.plusSeconds(10)).bytes());
    List<Taking> takings = instance.feeds().publish(offered);
    assertThat(takings.get(0)).isEqualTo(new Taking.Taken(right.statement()));
    assertThat(refusal(takings.get(1))).contains("not by the key of feed feed-a");
    assertThat(refusal(takings.get(2)))
        .isEqualTo("the active policy has no feed feed-c, expected one of [feed-a, feed-b]");
    assertThat(refusal(takings.get(3))).contains("later than").contains("PT10S");
    assertThat(refusal(takings.get(4))).startsWith("signed price: expected 8 lines");
    assertThat(takings.get(5)).isInstanceOf(Taking.NotNewer.class);
    assertThat(takings.get(6)).isInstanceOf(Taking.Taken.class);
    assertThat(publish(right, ether(FEED_A, "1", now.minusSeconds(5))))
        .allMatch(Taking.NotNewer.class::isInstance);
    assertThat(database.number("SELECT count(*) FROM policy.price")).isEqualTo(2);
  }

  private static String refusal(Taking taking) {
    return ((Taking.Refused) taking).reason();
  }

  @Test
  void aPriceOfLongAgoIsRefusedAndTheOthersAreTaken() {
    database.activate(instance, allowing(ALLOWS));
    List<Taking> takings =
        publish(
            ether(FEED_B, "1", now.minus(Duration.ofDays(8)).minusSeconds(1)),
            ether(FEED_A, "2500", now));
    assertThat(refusal(takings.getFirst())).contains("no policy takes a price that old");
    assertThat(takings.getLast()).isInstanceOf(Taking.Taken.class);
  }

  @Test
  void aRowThatWasDatedAheadKeepsNoPriceOut() {
    database.activate(instance, allowing(ALLOWS));
    taken(ether(FEED_A, "2500", now));
    database.asSuperuser("UPDATE policy.price SET as_of = 'infinity'");
    now = now.plusSeconds(1);
    taken(ether(FEED_A, "2400", now));
    assertThat(denial(another(), ethers(21_000))).contains("at 2400 USD");
  }

  @Test
  void nobodyWithTheDatabaseMovesAPrice() {
    database.activate(instance, allowing(ALLOWS));
    SignedPrice older = ether(FEED_A, "100", now.minusSeconds(60));
    taken(older);
    SignedPrice right = ether(FEED_A, "2500", now);
    taken(right);
    assertThat(denial(instance, ethers(20_001))).contains("at 2500 USD");
    store(signed(FEED_B, usd(FEED_A, ETHER, 18, "1", now)).bytes());
    assertThat(denial(another(), ethers(1))).contains("there is none at all");
    assertThat(denial(instance, ethers(20_001))).contains("at 2500 USD");
    // What was right once is signed: an instance that has seen the newer one does not go back.
    store(older.bytes());
    assertThat(denial(instance, ethers(20_001))).contains("at 2500 USD");
    store(Bytes.of(new byte[] {1, 2, 3}));
    assertThat(denial(another(), ethers(1))).contains("there is none at all");
    database.asSuperuser("DELETE FROM policy.price");
    assertThat(denial(instance, ethers(20_001))).contains("at 2500 USD");
  }

  private void store(Bytes signed) {
    database.asSuperuser(
        "UPDATE policy.price SET signed = '\\x%s'".formatted(signed.hex().substring(2)));
  }

  @Test
  void aFeedThatLeavesThePolicyOrHasAnotherKeyCountsNoMore() {
    database.activate(instance, allowing(ALLOWS));
    taken(ether(FEED_A, "2500", now), ether(FEED_B, "2600", now));
    assertThat(denial(instance, ethers(20_000))).contains("at 2600 USD from feed-b");
    database.activate(
        instance, Samples.allowing(ALLOWS).replace("rules:\n", section(1, FEED_A) + "rules:\n"));
    assertThat(ask(instance, ethers(20_000))).isInstanceOf(Allowed.class);
    TestPerson renewed = new TestPerson("feed-a", 94);
    database.activate(
        instance, Samples.allowing(ALLOWS).replace("rules:\n", section(1, renewed) + "rules:\n"));
    assertThat(denial(instance, ethers(1))).contains("there is none at all");
    now = now.plusSeconds(1);
    taken(ether(renewed, "2400", now));
    assertThat(ask(instance, ethers(20_000))).isInstanceOf(Allowed.class);
    database.activate(instance, Samples.allowing());
    assertThat(refusal(publish(ether(renewed, "2400", now.plusSeconds(1))).getFirst()))
        .isEqualTo("the active policy has no `prices`: it names no feed");
  }

  @Test
  void aRuleThatRestrictsHasItsEffectWithoutPrices() {
    database.activate(
        instance,
        allowing("operations: [native-transfer]")
            + "  - {name: large, effect: DENY, description: too much, above: 50000 USD}\n");
    assertThat(denial(instance, ethers(1)))
        .startsWith("rule large denies it (no price of eip155:1/slip44:60 in USD")
        .endsWith(": too much");
    SignedPrice price = ether(FEED_A, "2500", now);
    taken(price);
    // It decided that the rule does not match, so it is told, too.
    assertThat(((Allowed) ask(instance, ethers(1))).observed().prices()).containsExactly(price);
    assertThat(denial(instance, ethers(20_001))).isEqualTo("rule large denies it: too much");
  }

  @Test
  void aForecastTellsByWhichPrice() {
    database.activate(instance, allowing(ALLOWS));
    SignedPrice price = ether(FEED_A, "2500", now);
    taken(price);
    Intent.OfTransaction small = ethers(1);
    var allowed = instance.engine().forecast(asking(small), Samples.payload(small));
    assertThat(allowed.allowed()).isTrue();
    assertThat(allowed.actions().getFirst().prices()).containsExactly(price.statement());
    Intent.OfTransaction intent = ethers(20_001);
    assertThat(instance.engine().forecast(asking(intent), Samples.payload(intent)).reason())
        .contains("at 2500 USD from feed-a");
  }

  @Test
  void aLimitOverTwoAssetsIsNotExceededByInstancesAtOnce() throws Exception {
    database.activate(
        instance,
        allowing(
            "operations: [native-transfer, erc20-transfer]",
            "assets: any",
            "limits: [{name: fit, maximum: 75 USD, counts: [value], window: PT24H}]"));
    taken(ether(FEED_A, "1000", now), usdc(FEED_A, "1", now));
    // Each is one dollar.
    List<Intent.OfTransaction> dollars =
        List.of(ethers(1), payToken(USDC, ALICE, BigInteger.valueOf(1_000_000)));
    AtomicInteger allowed = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<?>> all = new ArrayList<>();
      List<Instance> instances = List.of(instance, another(), another());
      for (int i = 0; i < 6; i++) {
        int start = i;
        all.add(
            threads.submit(
                () -> {
                  for (int j = 0; j < 20; j++) {
                    if (ask(instances.get(start % 3), dollars.get((start + j) % 2))
                        instanceof Allowed) {
                      allowed.incrementAndGet();
                    }
                  }
                  return true;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(allowed).hasValue(75);
    assertThat(database.number("SELECT spent FROM policy.scope WHERE key = 'pay/fit USD'"))
        .isEqualTo(BigInteger.valueOf(75).multiply(BigInteger.TEN.pow(18)));
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void listsWhatThereIsByPages() {
    database.activate(instance, allowing(ALLOWS));
    taken(
        ether(FEED_B, "2600", now),
        usdc(FEED_A, "1", now.minusSeconds(400)),
        ether(FEED_A, "2500", now));
    var first = instance.feeds().list(Optional.empty(), 2);
    assertThat(first)
        .extracting(one -> one.price().statement().feed() + " " + one.price().statement().asset())
        .containsExactly("feed-a " + usdc(FEED_A, "1", now).statement().asset(), "feed-a " + ETHER);
    assertThat(first).allMatch(PriceFeeds.Listed::isAuthentic);
    assertThat(first).extracting(PriceFeeds.Listed::isFresh).containsExactly(false, true);
    var second =
        instance.feeds().list(Optional.of(Slot.of(first.getLast().price().statement())), 2);
    assertThat(second)
        .singleElement()
        .extracting(one -> one.price().statement().feed().value())
        .isEqualTo("feed-b");
  }

  @Test
  void theServersLoginNeitherTakesPricesBackNorAway() {
    database.activate(instance, allowing(ALLOWS));
    taken(ether(FEED_A, "2500", now));
    for (String statement :
        List.of(
            "DELETE FROM policy.price",
            "TRUNCATE policy.price",
            "UPDATE policy.price SET feed = 'feed-b'",
            "UPDATE policy.price SET as_of = as_of - interval '1 second'")) {
      assertThatThrownBy(() -> database.login().useHandle(handle -> handle.execute(statement)))
          .as(statement)
          .hasMessageMatching("(?s).*(permission denied|cannot follow).*");
    }
  }
}
