package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.call;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payToken;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class DestinationCriterionTest {
  private static final String LISTS =
      "\naddresses:\n  friends: ['" + ALICE + "']\n  partners: ['" + BOB + "']\n";

  @Test
  void holdsForLiteralAddresses() {
    Criterion criterion =
        CriterionSample.of("destinations", "destinations: ['" + ALICE.hex() + "']");
    assertThat(criterion.holds(judged(pay(ALICE, BigInteger.ONE)))).isTrue();
    assertThat(criterion.holds(judged(pay(BOB, BigInteger.ONE)))).isFalse();
  }

  @Test
  void holdsForTheAddressesOfNamedLists() {
    Criterion criterion = ofList("destinations: [friends, '" + USDC + "']");
    assertThat(criterion.holds(judged(pay(ALICE, BigInteger.ONE)))).isTrue();
    assertThat(criterion.holds(judged(call(USDC, "0x12345678")))).isTrue();
    assertThat(criterion.holds(judged(pay(BOB, BigInteger.ONE)))).isFalse();
    assertThat(criterion.expected()).isEqualTo("one of friends, " + USDC);
    assertThat(criterion.observed(judged(pay(BOB, BigInteger.ONE)))).isEqualTo(BOB.checksummed());
  }

  @Test
  void ofATokenTransferItIsThePayeeAndNotTheToken() {
    Criterion criterion = ofList("destinations: [friends]");
    assertThat(criterion.holds(judged(payToken(USDC, ALICE, BigInteger.ONE)))).isTrue();
    assertThat(criterion.holds(judged(payToken(ALICE, BOB, BigInteger.ONE)))).isFalse();
  }

  @Test
  void refusesAListThatIsNotThere() {
    assertThat(problems(allowing("destinations: [freinds]") + LISTS))
        .isEqualTo(
            "11:20 rules[0].destinations[0]: expected an address, or the name of a list under"
                + " `addresses` (friends?), got \"freinds\"");
  }

  @Test
  void refusesAWrongChecksum() {
    assertThat(problems(allowing("destinations: ['0x52908400098527886E0F7030069857D2E4169eE7']")))
        .contains("expected the EIP-55 checksum " + ALICE);
  }

  private static Criterion ofList(String field) {
    return policy(allowing(field) + LISTS).rules().getFirst().criteria().stream()
        .filter(criterion -> criterion instanceof DestinationCriterion)
        .findFirst()
        .orElseThrow();
  }
}
