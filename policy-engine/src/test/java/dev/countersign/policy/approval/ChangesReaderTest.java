package dev.countersign.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangesReaderTest {
  private static final String HEAD = "format: countersign/policy/v1\nrules: []\n";

  private static Reading read(String changes) {
    return PolicyDocumentReader.read(
        (HEAD + ApprovalYaml.TREASURY + changes).getBytes(StandardCharsets.UTF_8));
  }

  private static PolicyDocument valid(String changes) {
    return switch (read(changes)) {
      case Reading.Valid(PolicyDocument document) -> document;
      case Reading.Invalid invalid -> throw new AssertionError(invalid.text());
    };
  }

  @Test
  void saysWhoMayChangeThePolicyAndHowLongItTakes() {
    ChangeTerms terms =
        valid("changes: {approvals: {group: treasury, count: 2}, delay: PT24H, lifetime: P3D}\n")
            .changes()
            .orElseThrow();
    assertThat(terms.quorum().text()).isEqualTo("2 of treasury(alice,bob,carol)");
    assertThat(terms.delay()).isEqualTo(Duration.ofHours(24));
    assertThat(terms.lifetime()).isEqualTo(Duration.ofDays(3));
  }

  @Test
  void waitsNotAtAllAndLastsAWeekUnlessItSaysSo() {
    ChangeTerms terms =
        valid("changes: {approvals: {group: risk, count: 1}}\n").changes().orElseThrow();
    assertThat(terms.delay()).isZero();
    assertThat(terms.lifetime()).isEqualTo(Duration.ofDays(7));
    assertThat(valid("").changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'changes: {}', '10:10 changes.approvals: is missing'",
    "'changes: treasury', '10:10 changes: expected a mapping, got'",
    "'changes: {approvals: {group: tresury, count: 1}}', 'did you mean treasury?'",
    "'changes: {approvals: {group: treasury, count: 4}}', 'group treasury has 3 members'",
    "'changes: {approvals: {group: risk, count: 1}, delay: 24h}', '10:54 changes.delay: expected"
        + " an'",
    "'changes: {approvals: {group: risk, count: 1}, lifetime: PT0S}', 'changes.lifetime: expected"
        + " an'",
    "'changes: {approvals: {group: risk, count: 1}, wait: PT1H}', 'unknown key \"wait\"'"
  })
  void tellsWhatIsWrongWithItsLine(String changes, String problem) {
    assertThat(((Reading.Invalid) read(changes + "\n")).text()).contains(problem);
  }
}
