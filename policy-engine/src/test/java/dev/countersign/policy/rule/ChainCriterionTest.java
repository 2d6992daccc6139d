package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChainCriterionTest {
  private final Criterion criterion =
      CriterionSample.of("chains", "chains: ['eip155:10', 'eip155:1']");

  @Test
  void holdsForTheChainsItNames() {
    assertThat(criterion.holds(on(1))).isTrue();
    assertThat(criterion.holds(on(10))).isTrue();
    assertThat(criterion.holds(on(11))).isFalse();
  }

  @Test
  void saysWhichChainItExpectedAndWhichItWas() {
    assertThat(criterion.expected()).isEqualTo("one of eip155:10, eip155:1");
    assertThat(criterion.observed(on(137))).isEqualTo("eip155:137");
  }

  @Test
  void refusesWhatIsNoChain() {
    assertThat(problems(allowing("chains: [mainnet]")))
        .contains("rules[0].chains[0]: expected a CAIP-2 id such as eip155:1, got \"mainnet\"");
  }

  private static JudgedAction on(long chain) {
    SigningRequestId request = new SigningRequestId(new UUID(1, 1));
    return judged(
        subject(request, "desk", "hot-1", ChainId.ofEip155(chain)), pay(ALICE, BigInteger.ONE));
  }
}
