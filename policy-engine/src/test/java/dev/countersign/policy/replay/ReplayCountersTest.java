package dev.countersign.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.LimitWindow;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplayCountersTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final ScopeKey SCOPE = new ScopeKey("pay/all eip155:1/slip44:60");
  private static final Map<ScopeKey, LimitWindow> WINDOWS =
      Map.of(SCOPE, new LimitWindow.Sliding(Duration.ofMinutes(1)));

  private final ReplayCounters counters = new ReplayCounters(3);

  private void charge(long amount, int atSecond, Optional<Integer> returned) {
    counters.charge(
        List.of(new Charge(SCOPE, BigInteger.valueOf(amount))),
        NOON.plusSeconds(atSecond),
        returned.map(NOON::plusSeconds),
        WINDOWS);
  }

  private long spentAt(int second) {
    counters.moveTo(NOON.plusSeconds(second));
    return counters.spent(SCOPE).longValueExact();
  }

  @Test
  void aChargeCountsForExactlyTheWindow() {
    charge(6, 0, Optional.empty());
    charge(4, 10, Optional.empty());
    assertThat(spentAt(0)).isEqualTo(6);
    assertThat(spentAt(10)).isEqualTo(10);
    assertThat(spentAt(59)).isEqualTo(10);
    assertThat(spentAt(60)).isEqualTo(4);
    assertThat(spentAt(70)).isZero();
  }

  @Test
  void whatWasGivenBackCountsUntilThen() {
    charge(6, 0, Optional.of(5));
    assertThat(spentAt(4)).isEqualTo(6);
    assertThat(spentAt(5)).isZero();
  }

  @Test
  void aChargeToComeDoesNotCountYet() {
    charge(6, 30, Optional.empty());
    assertThat(spentAt(29)).isZero();
    assertThat(spentAt(30)).isEqualTo(6);
  }

  @Test
  void timeGoesForwardOnly() {
    charge(6, 0, Optional.empty());
    assertThat(spentAt(60)).isZero();
    assertThat(spentAt(1)).isZero();
  }

  @Test
  void keepsNoMoreThanItMay() {
    charge(1, 0, Optional.empty());
    charge(1, 0, Optional.empty());
    charge(1, 0, Optional.empty());
    assertThatThrownBy(() -> charge(1, 1, Optional.empty()))
        .isInstanceOf(ReplayTooLargeException.class);
  }

  @Test
  void whatEndedMakesRoom() {
    charge(1, 0, Optional.empty());
    charge(1, 0, Optional.empty());
    charge(1, 0, Optional.empty());
    counters.moveTo(NOON.plusSeconds(60));
    charge(1, 61, Optional.empty());
    assertThat(spentAt(61)).isEqualTo(1);
  }
}
