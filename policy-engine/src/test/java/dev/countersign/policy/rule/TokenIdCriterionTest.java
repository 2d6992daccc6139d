package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Action;
import dev.countersign.core.action.Deed;
import dev.countersign.core.model.Address;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenIdCriterionTest {
  private static final String COLLECTION = "eip155:1/erc721:" + USDC.hex();

  private final TokenIdCriterion allowing =
      (TokenIdCriterion)
          CriterionSample.of("tokenIds", "assets: ['" + COLLECTION + "']", "tokenIds: [7, 12]");
  private final TokenIdCriterion denying =
      (TokenIdCriterion)
          policy(
                  "format: countersign/policy/v1\nrules: [{name: no, effect: DENY, assets: ['%s'], tokenIds: [7, 12]}]"
                      .formatted(COLLECTION))
              .rules()
              .getFirst()
              .criteria()
              .getLast();

  private static JudgedAction transfer(long id) {
    return with(new Deed.NftTransfer(USDC, ALICE, ALICE, BigInteger.valueOf(id), BigInteger.ONE));
  }

  private static JudgedAction approval(Optional<BigInteger> id) {
    return with(new Deed.NftApproval(USDC, ALICE, ALICE, id, true));
  }

  private static JudgedAction with(Deed deed) {
    JudgedAction any = judged(pay(ALICE, BigInteger.ONE));
    Address account = any.action().account();
    return JudgedAction.of(any.subject(), new Action(List.of(), account, deed), Optional.empty());
  }

  @Test
  void holdsForTheTokensItLists() {
    assertThat(allowing.holds(transfer(7))).isTrue();
    assertThat(allowing.holds(transfer(12))).isTrue();
    assertThat(allowing.holds(transfer(8))).isFalse();
    assertThat(allowing.holds(approval(Optional.of(BigInteger.valueOf(7))))).isTrue();
    assertThat(allowing.holds(judged(pay(ALICE, BigInteger.ONE)))).isFalse();
    assertThat(denying.holds(judged(pay(ALICE, BigInteger.ONE)))).isFalse();
  }

  @Test
  void everyTokenIsMoreThanIsAllowedAndSomeOfWhatIsDenied() {
    JudgedAction everything = approval(Optional.empty());
    assertThat(allowing.holds(everything)).isFalse();
    assertThat(denying.holds(everything)).isTrue();
    assertThat(allowing.observed(everything)).isEqualTo("every token");
  }

  @Test
  void saysWhichItExpectedAndWhichItWas() {
    assertThat(allowing.expected()).isEqualTo("one of 7, 12");
    assertThat(allowing.observed(transfer(8))).isEqualTo("8");
  }

  @Test
  void wantsOneCollection() {
    String one = "rules[0].tokenIds: tokens are of one collection";
    assertThat(problems(allowing("assets: any", "tokenIds: [7]"))).contains(one);
    assertThat(problems(allowing("assets: [native]", "tokenIds: [7]"))).contains(one);
  }

  @Test
  void refusesWhatIsNoNumber() {
    for (String wrong : new String[] {"-1", "'0x7'", "07", "1.5", BigInteger.TWO.pow(256) + ""}) {
      assertThat(problems(allowing("assets: ['" + COLLECTION + "']", "tokenIds: [" + wrong + "]")))
          .contains("rules[0].tokenIds[0]: expected a whole number of at most 2^256-1");
    }
  }
}
