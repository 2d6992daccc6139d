package dev.countersign.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.GetCoverageResponse;
import dev.countersign.api.v1.RuleCoverage;
import dev.countersign.api.v1.RuleOutcome.Effect;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class CoverageCommandTest {
  @Test
  void namesTheRulesThatNeverMatched() {
    var out = new StringWriter();
    CoverageCommand.print(
        GetCoverageResponse.newBuilder()
            .setPolicyVersion(3)
            .addRules(
                RuleCoverage.newBuilder()
                    .setRule("pay")
                    .setEffect(Effect.EFFECT_ALLOW)
                    .setMatched(7)
                    .setLastTime(Timestamp.newBuilder().setSeconds(1_800_000_000)))
            .addRules(RuleCoverage.newBuilder().setRule("never").setEffect(Effect.EFFECT_DENY))
            .addRules(
                RuleCoverage.newBuilder()
                    .setRule("gone")
                    .setMatched(1)
                    .setLastTime(Timestamp.newBuilder().setSeconds(1_700_000_000)))
            .build(),
        new PrintWriter(out));
    assertThat(out.toString())
        .containsPattern("pay +ALLOW +7 +2027-01-15T08:00:00Z")
        .containsPattern("never +DENY +0 +never")
        .containsPattern("gone +no longer there +1")
        .contains("policy version 3: never matched: never");
  }
}
