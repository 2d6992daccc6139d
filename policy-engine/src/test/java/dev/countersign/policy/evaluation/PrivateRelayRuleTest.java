package dev.countersign.policy.evaluation;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.Route;
import dev.countersign.core.intent.Intent;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateRelayRuleTest {
  private static final Intent.OfTransaction PAYMENT = pay(ALICE, BigInteger.ONE);

  @Test
  void isOpenUnlessARuleSaysOtherwise() {
    assertThat(route(allowing())).isEqualTo(Route.open());
  }

  @Test
  void isPrivateForGoodOrForAWhile() {
    assertThat(route(allowing("privateRelay: only")))
        .isEqualTo(new Route.Private(List.of("pay"), OptionalInt.empty()));
    assertThat(route(allowing("privateRelay: public after 25 blocks")))
        .isEqualTo(new Route.Private(List.of("pay"), OptionalInt.of(25)));
  }

  /// Whatever their order, and whichever is named as the one that decided.
  @Test
  void ofSeveralRulesThatMatchTheStrictestHolds() {
    assertThat(route(both("", "privateRelay: only")))
        .isEqualTo(new Route.Private(List.of("second"), OptionalInt.empty()));
    assertThat(route(both("privateRelay: public after 5 blocks", "")))
        .isEqualTo(new Route.Private(List.of("pay"), OptionalInt.of(5)));
    assertThat(
            route(
                both("privateRelay: public after 5 blocks", "privateRelay: public after 9 blocks")))
        .isEqualTo(new Route.Private(List.of("pay", "second"), OptionalInt.of(9)));
    assertThat(route(both("privateRelay: only", "privateRelay: public after 9 blocks")))
        .isEqualTo(new Route.Private(List.of("pay", "second"), OptionalInt.empty()));
  }

  @Test
  void aRuleThatDoesNotMatchHasNoSay() {
    assertThat(route(both("", "maximum: 0\nprivateRelay: only"))).isEqualTo(Route.open());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"never", "''", "public", "public after 0 blocks", "public after 10001 blocks"})
  void saysWhatIsExpected(String value) {
    assertThat(problems(allowing("privateRelay: " + value)))
        .contains("privateRelay")
        .contains("`only`, or `public after N blocks`");
  }

  @Test
  void onlyARuleThatAllowsSendsAnythingAnywhere() {
    assertThat(
            problems(
                allowing()
                    + "  - name: never\n    effect: DENY\n    destinations: ['%s']\n"
                        .formatted(ALICE)
                    + "    privateRelay: only\n"))
        .contains("only with `effect: ALLOW`");
  }

  private static String both(String first, String second) {
    String other = allowing(lines(second)).replace("name: pay", "name: second");
    return allowing(lines(first)) + other.substring(other.indexOf("  - name"));
  }

  private static String[] lines(String text) {
    return text.isEmpty() ? new String[0] : text.split("\n", -1);
  }

  private static Route route(String yaml) {
    Verdict verdict =
        PolicyJudge.judge(
            policy(yaml), subject("desk", "hot-1"), payload(PAYMENT), scope -> BigInteger.ZERO);
    assertThat(verdict).isInstanceOf(Verdict.Allow.class);
    return ((Verdict.Allow) verdict).route();
  }
}
