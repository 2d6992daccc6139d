package dev.countersign.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A checkpoint that others published: of a public Certificate Transparency log (Arche, staging,
/// May 2026), with the cosignatures of public witnesses, among them `remora.n621.de`, whose key the
/// tests of transparency-dev's `formats/note` have.
class CosignatureVectorsTest {
  private static final String WITNESS =
      "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
  private static final String LOG =
      "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
  private static final String COSIGNATURE =
      "— remora.n621.de"
          + " 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n";
  private static final String NOTE =
      """
      arche2025h1.staging.ct.transparency.dev
      1432088532
      U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

      — arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
      — transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
      """
          + COSIGNATURE;

  private static byte[] bytes(String note) {
    return note.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aWitnessNobodyOfUsRunsIsVerified() {
    WitnessKey witness = WitnessKey.parse(WITNESS);
    VerifierKey log = VerifierKey.parse(LOG);

    CosignedCheckpoint cosigned =
        CosignedCheckpoint.open(bytes(NOTE), log, WitnessPolicy.of(1, List.of(witness)));

    assertThat(cosigned.cosigners()).containsExactly(witness);
    assertThat(cosigned.signed().checkpoint().treeSize()).isEqualTo(1432088532);
    assertThat(Cosignature.check(COSIGNATURE, cosigned.signed(), witness))
        .hasValueSatisfying(
            cosignature -> {
              assertThat(cosignature.at()).isEqualTo(Instant.ofEpochSecond(0x6a122120L));
              assertThat(cosignature.line()).isEqualTo(COSIGNATURE);
            });
  }

  @Test
  void keysAreWrittenAsTheyWereRead() {
    assertThat(WitnessKey.parse(WITNESS)).hasToString(WITNESS);
    assertThat(WitnessKey.parse(WITNESS).name()).isEqualTo("remora.n621.de");
  }

  @Test
  void aKeyOfOneUseIsNoneOfTheOther() {
    assertThatThrownBy(() -> WitnessKey.parse(LOG)).isInstanceOf(InvalidNoteException.class);
    assertThatThrownBy(() -> VerifierKey.parse(WITNESS)).isInstanceOf(InvalidNoteException.class);
  }

  @Test
  void withoutTheCosignatureThePolicyIsNotMet() {
    WitnessPolicy policy = WitnessPolicy.of(1, List.of(WitnessKey.parse(WITNESS)));
    assertThatThrownBy(
            () ->
                CosignedCheckpoint.open(
                    bytes(NOTE.replace(COSIGNATURE, "")), VerifierKey.parse(LOG), policy))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("lacks cosignatures")
        .hasMessageContaining("1 of (remora.n621.de)")
        .hasMessageContaining("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "remora.n621.de",
        "remora.n621.de+da77ade8+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "remora.n621.dE+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "remora.n621.de+DA77ADE7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "remora.n621.de+da77ade7+AevN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw3"
      })
  void refusesWhatIsNoWitnessKey(String text) {
    assertThatThrownBy(() -> WitnessKey.parse(text)).isInstanceOf(InvalidNoteException.class);
  }
}
