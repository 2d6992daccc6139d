package dev.countersign.policy.succession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.sample.TestPerson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoundersReaderTest {
  private static final TestPerson FRIDA = new TestPerson("frida", 70);
  private static final TestPerson GUSTAV = new TestPerson("gustav", 71);
  private static final String FILE =
      """
      format: countersign/founders/v1
      deployment: production
      founders:
        %s
        %s
      quorum: 2
      """
          .formatted(FRIDA.yaml(), GUSTAV.yaml());

  private static FoundersReader.Reading read(String yaml) {
    return FoundersReader.read(yaml.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsThePeopleAndHowManyOfThemItTakes() {
    Founders founders = ((FoundersReader.Reading.Valid) read(FILE)).founders();
    assertThat(founders.deployment()).isEqualTo("production");
    assertThat(founders.quorum().text()).isEqualTo("2 of founders(frida,gustav)");
    assertThat(founders.registry().find(new ApproverName("frida")).orElseThrow().keys())
        .containsExactly(FRIDA.key());
  }

  @ParameterizedTest
  @CsvSource({
    "quorum: 2, quorum: 3, '6:9 quorum: expected a whole number from 1 to 2'",
    "quorum: 2, quorum: 0, '6:9 quorum: expected a whole number from 1 to 2'",
    "quorum: 2, quorum: +2, '6:9 quorum: expected a whole number from 1 to 2'",
    "quorum: 2, '', 'quorum: is missing'",
    "deployment: production, deployment: Production, '2:13 deployment: expected 1 to 63 of'",
    "founders/v1, founders/v2, '1:9 format: expected countersign/founders/v1'",
    "ed25519:, ed25519x:, 'founders.frida.keys: expected ed25519:'",
    "deployment:, deployments:, 'unknown key'"
  })
  void tellsWhatIsWrong(String there, String instead, String problem) {
    String text = ((FoundersReader.Reading.Invalid) read(FILE.replace(there, instead))).text();
    assertThat(text).contains(problem);
  }

  @Test
  void aFoundingFileReadsBackAndTakesOneSignatureOfEach() {
    Founders founders = ((FoundersReader.Reading.Valid) read(FILE)).founders();
    Bytes document =
        Bytes.of("format: countersign/policy/v1\nrules: []\n".getBytes(StandardCharsets.UTF_8));
    Founding begun =
        Founding.begin(founders, document, new ProposalId(UUID.randomUUID()), Instant.now());
    assertThat(again(begun)).isEqualTo(begun);
    Founding signed =
        begun
            .with(FRIDA.approves(begun.statement()))
            .with(GUSTAV.approves(begun.statement()))
            .with(FRIDA.approves(begun.statement()));
    assertThat(signed.signatures()).hasSize(2);
    assertThat(again(signed)).isEqualTo(signed);
    assertThat(PolicySuccession.of(founders).then(again(signed).link(document)).base().number())
        .isEqualTo(1);
  }

  private static Founding again(Founding founding) {
    return FoundingFile.read(FoundingFile.write(founding).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aFileThatIsNoFoundingIsRefused() {
    assertThatThrownBy(() -> FoundingFile.read(FILE.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("a file of countersign policy found");
  }
}
