package dev.countersign.policy.diff;

import static dev.countersign.policy.sample.PriceSamples.FEED_B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.sample.PriceSamples;
import dev.countersign.policy.sample.TestPerson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PriceDiffTest {
  private static final String POLICY =
      PriceSamples.allowing(
          "assets: any",
          "maximum: 50000 USD",
          "limits: [{name: day, maximum: 250000 USD, window: PT24H}]");

  private static List<PolicyChange> changed(String old, String now) {
    assertThat(POLICY).contains(old);
    return changes(POLICY, POLICY.replace(old, now));
  }

  private static List<PolicyChange> changes(String before, String after) {
    return ((PolicyDiff.Outcome.Compared) PolicyDiff.of(bytes(before), bytes(after)))
        .diff()
        .changes();
  }

  private static byte[] bytes(String yaml) {
    return yaml.getBytes(StandardCharsets.UTF_8);
  }

  private static void only(String old, String now, Direction direction, String text) {
    assertThat(changed(old, now))
        .singleElement()
        .extracting(PolicyChange::direction, PolicyChange::text)
        .containsExactly(direction, text);
  }

  @Test
  void pricesThatMayBeOlderLoosen() {
    only("PT5M", "PT50M", Direction.LOOSENS, "prices: maximumAge PT5M -> PT50M (10x more)");
    only(
        "PT5M",
        "PT1M",
        Direction.LOOSENS,
        "prices: maximumAge PT5M -> PT1M (5x less); the highest price may be too old then");
    String both = POLICY.replace("quorum: 1", "quorum: 2");
    assertThat(changes(both, both.replace("PT5M", "PT1M")))
        .singleElement()
        .extracting(PolicyChange::direction, PolicyChange::text)
        .containsExactly(Direction.TIGHTENS, "prices: maximumAge PT5M -> PT1M (5x less)");
    assertThat(changed("PT5M", "PT300S")).isEmpty();
  }

  @Test
  void aQuorumOfMoreFeedsTightens() {
    only("quorum: 1", "quorum: 2", Direction.TIGHTENS, "prices: quorum 1 -> 2");
    assertThat(changed("  quorum: 1\n", "")).isEmpty();
  }

  @Test
  void everyOtherSetOfFeedsLoosens() {
    TestPerson other = new TestPerson("feed-c", 93);
    String line = "    - {name: feed-b, key: \"" + FEED_B.key().text() + "\"}\n";
    String more = "    - {name: feed-c, key: \"" + other.key().text() + "\"}\n";
    only(
        line,
        line + more,
        Direction.LOOSENS,
        "price feed feed-c: new, " + other.key().text() + "; its prices count, too");
    only(
        line,
        "",
        Direction.LOOSENS,
        "price feed feed-b: removed; its price may have been the highest");
    only(
        FEED_B.key().text(),
        other.key().text(),
        Direction.LOOSENS,
        "price feed feed-b: key %s -> %s".formatted(FEED_B.key().text(), other.key().text()));
  }

  @Test
  void amountsOfACurrencyAreCompared() {
    only(
        "maximum: 50000 USD",
        "maximum: 500000 USD",
        Direction.LOOSENS,
        "rule pay: maximum 50000 USD -> 500000 USD (10x more)");
    only(
        "maximum: 50000 USD",
        "maximum: 25000.00 USD",
        Direction.TIGHTENS,
        "rule pay: maximum 50000 USD -> 25000.00 USD (2x less)");
    only(
        "maximum: 250000 USD",
        "maximum: 125000 USD",
        Direction.TIGHTENS,
        "rule pay: limit day maximum 250000 USD -> 125000 USD (2x less)");
    assertThat(changed("maximum: 50000 USD", "maximum: 50000.0 USD")).isEmpty();
    assertThat(changed("maximum: 250000 USD", "maximum: 250000.00 USD")).isEmpty();
  }

  @Test
  void anotherCurrencyLoosens() {
    assertThat(changed("maximum: 50000 USD", "maximum: 50000 JPY"))
        .singleElement()
        .extracting(PolicyChange::direction)
        .isEqualTo(Direction.LOOSENS);
    assertThat(changed("maximum: 250000 USD", "maximum: 2 USDC"))
        .extracting(PolicyChange::direction)
        .contains(Direction.LOOSENS);
  }

  @Test
  void aSectionThatComesWithoutAmountsIsNeither() {
    String without = "format: countersign/policy/v1\nrules: []\n";
    var diff =
        (PolicyDiff.Outcome.Compared)
            PolicyDiff.of(bytes(without), bytes(without + PriceSamples.section(1)));
    assertThat(diff.diff().changes())
        .singleElement()
        .extracting(PolicyChange::direction)
        .isEqualTo(Direction.NEITHER);
  }
}
