package dev.countersign.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessPolicyTest {
  private static final CheckpointSigner LOG = SignedCheckpointTest.signer("example.com/log");
  private static final CheckpointSigner FIRST = SignedCheckpointTest.signer("w.example/1");
  private static final WitnessKey A = Cosignature.keyOf(FIRST);
  private static final WitnessKey B = Cosignature.keyOf(SignedCheckpointTest.signer("w.example/2"));
  private static final WitnessKey C = Cosignature.keyOf(SignedCheckpointTest.signer("w.example/3"));

  private static WitnessPolicyFile parse(String text) {
    return WitnessPolicyFile.parse(
        text.replace("$LOG", LOG.verifierKey().toString())
            .replace("$A", A.toString())
            .replace("$B", B.toString())
            .replace("$C", C.toString()));
  }

  @Test
  void readsGroupsOfGroups() {
    WitnessPolicyFile file =
        parse(
            """
            # one of ours, and one of either other
            log $LOG https://log.example/
            witness a $A
            \twitness  b\t$B https://b.example/

            witness c $C
            group others any b c
            group both all a others
            quorum both
            """);
    WitnessPolicy policy = file.policy();
    assertThat(file.logs()).containsExactly(LOG.verifierKey());
    assertThat(policy.witnesses()).containsExactly(A, B, C);
    assertThat(policy.isMetBy(Set.of(A, C))).isTrue();
    assertThat(policy.isMetBy(Set.of(A))).isFalse();
    assertThat(policy.isMetBy(Set.of(B, C))).isFalse();
  }

  @Test
  void aThresholdIsANumber() {
    WitnessPolicy policy =
        parse("witness a $A\nwitness b $B\nwitness c $C\ngroup g 2 a b c\nquorum g\n").policy();
    assertThat(policy).isEqualTo(WitnessPolicy.of(2, List.of(A, B, C)));
    assertThat(parse("quorum none\n").policy()).isEqualTo(WitnessPolicy.NONE);
    assertThat(parse("witness a $A\nquorum a").policy().isMetBy(Set.of(A))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "witness a $A\n",
        "quorum a\n",
        "quorum a\nwitness a $A\n",
        "witness a $A\nquorum a\nquorum none\n",
        "witness a $A\nwitness a $B\nquorum a\n",
        "witness a $A\nwitness b $A\nquorum a\n",
        "witness a $LOG\nquorum a\n",
        "witness none $A\nquorum none\n",
        "witness a $A\ngroup g 2 a\nquorum g\n",
        "witness a $A\ngroup g 0 a\nquorum g\n",
        "witness a $A\ngroup g 01 a\nquorum g\n",
        "witness a $A\ngroup g -1 a\nquorum g\n",
        "witness a $A\ngroup g all\nquorum g\n",
        "witness a $A\nwitness b $B\ngroup g 2 a a\nquorum g\n",
        "witness a $A\ngroup g any a\ngroup h any a g\nquorum h\n",
        "witness a $A\ngroup g any none\nquorum g\n",
        "log $A\nquorum none\n",
        "quorum none none\n",
        "else\nquorum none\n"
      })
  void refusesWhatIsNoPolicy(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(InvalidNoteException.class);
  }

  @Test
  void saysWhichLineIsWrong() {
    assertThatThrownBy(() -> parse("witness a $A\n\ngroup g 3 a\nquorum g\n"))
        .hasMessageStartingWith("line 3: a quorum");
  }

  @Test
  void refusesThresholdsAndKeysThatCannotBe() {
    assertThatThrownBy(() -> WitnessPolicy.of(0, List.of(A)))
        .isInstanceOf(InvalidNoteException.class);
    assertThatThrownBy(() -> WitnessPolicy.of(3, List.of(A, B)))
        .isInstanceOf(InvalidNoteException.class);
    WitnessKey sameKey = new WitnessKey("w.example/other", A.publicKey());
    assertThatThrownBy(() -> WitnessPolicy.of(2, List.of(A, sameKey)))
        .hasMessage("a witness policy has each public key once");
  }

  @Test
  void aLogIsNoWitnessOfItself() {
    WitnessPolicy policy = WitnessPolicy.of(1, List.of(Cosignature.keyOf(LOG)));
    SignedCheckpoint signed =
        SignedCheckpoint.sign(new Checkpoint("example.com/log", 1, Digest32.of(new byte[32])), LOG);
    byte[] note =
        signed
            .noteWith(List.of(Cosignature.sign(signed, LOG, Instant.EPOCH)))
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> CosignedCheckpoint.open(note, LOG.verifierKey(), policy))
        .hasMessageContaining("others than the log's");
  }

  @Test
  void aBadCosignatureOfAKnownKeySpoilsTheNote() {
    SignedCheckpoint signed =
        SignedCheckpoint.sign(new Checkpoint("example.com/log", 1, Digest32.of(new byte[32])), LOG);
    SignedCheckpoint other =
        SignedCheckpoint.sign(new Checkpoint("example.com/log", 2, Digest32.of(new byte[32])), LOG);
    byte[] note =
        signed
            .noteWith(
                List.of(
                    Cosignature.sign(signed, FIRST, Instant.EPOCH),
                    Cosignature.sign(other, FIRST, Instant.EPOCH)))
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> CosignedCheckpoint.open(note, LOG.verifierKey(), WitnessPolicy.of(1, List.of(A))))
        .hasMessage("the checkpoint has a cosignature of w.example/1 that is wrong");
    // Whoever does not know that witness passes its lines over.
    assertThat(CosignedCheckpoint.open(note, LOG.verifierKey(), WitnessPolicy.NONE).cosigners())
        .isEmpty();
  }
}
