package dev.countersign.policy.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BreakerDiffTest {
  private static final String BREAKER =
      "[{name: fast, scope: wallet, counts: signatures, maximum: 50, window: PT1M}]";

  private static Optional<YamlNode> yaml(String text) {
    return YamlReader.read(text.getBytes(StandardCharsets.UTF_8), new Problems());
  }

  private static List<PolicyChange> changed(String old, String now) {
    return BreakerDiff.changes(yaml(BREAKER), yaml(BREAKER.replace(old, now)));
  }

  @Test
  void aBreakerThatTripsSoonerTightens() {
    assertThat(changed("50", "25"))
        .singleElement()
        .extracting(PolicyChange::direction, PolicyChange::text)
        .containsExactly(Direction.TIGHTENS, "breaker fast: maximum 50 -> 25 (2x less)");
    assertThat(changed("PT1M", "PT2M").getFirst().direction()).isEqualTo(Direction.TIGHTENS);
    assertThat(BreakerDiff.changes(Optional.empty(), yaml(BREAKER)).getFirst().direction())
        .isEqualTo(Direction.TIGHTENS);
  }

  @Test
  void everythingElseLoosens() {
    assertThat(changed("50", "51").getFirst().direction()).isEqualTo(Direction.LOOSENS);
    assertThat(changed("PT1M", "PT30S").getFirst().direction()).isEqualTo(Direction.LOOSENS);
    assertThat(changed("scope: wallet", "scope: vault").getFirst().direction())
        .isEqualTo(Direction.LOOSENS);
    assertThat(BreakerDiff.changes(yaml(BREAKER), Optional.empty()).getFirst().direction())
        .isEqualTo(Direction.LOOSENS);
    assertThat(changed("50", "50")).isEmpty();
    assertThat(changed("PT1M", "PT60S")).isEmpty();
  }

  @Test
  void partsOfABalanceAndItsAssetAreCompared() {
    String breaker =
        "[{name: drop, scope: wallet, counts: balance-drop, asset: native, maximum: 30% of balance,"
            + " window: PT1H}]";
    assertThat(onBalance(breaker, "30%", "15%"))
        .isEqualTo("TIGHTENS breaker drop: maximum 30% of balance -> 15% of balance (2x less)");
    assertThat(onBalance(breaker, "30%", "30.5%")).startsWith("LOOSENS");
    assertThat(onBalance(breaker, "30% of balance", "1 wei")).startsWith("LOOSENS");
    assertThat(onBalance(breaker, "native", "any")).startsWith("TIGHTENS");
    assertThat(onBalance(breaker.replace("native", "any"), "any", "native")).startsWith("LOOSENS");
    assertThat(onBalance(breaker, "balance-drop", "unexplained-decrease")).startsWith("LOOSENS");
  }

  private static String onBalance(String breaker, String old, String now) {
    PolicyChange change =
        BreakerDiff.changes(yaml(breaker), yaml(breaker.replace(old, now))).getFirst();
    return change.direction() + " " + change.text();
  }
}
