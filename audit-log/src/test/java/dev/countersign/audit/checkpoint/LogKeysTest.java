package dev.countersign.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.merkle.TreeHash;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogKeysTest {
  private final CheckpointSigner former = signer("example.com/log");
  private final CheckpointSigner current = signer("example.com/log");
  private final LogKeys keys = new LogKeys(current.verifierKey(), List.of(former.verifierKey()));

  private static CheckpointSigner signer(String origin) {
    try {
      return new Ed25519CheckpointSigner(
          origin, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] note(CheckpointSigner signer) {
    return SignedCheckpoint.sign(
            new Checkpoint(signer.verifierKey().name(), 0, TreeHash.EMPTY_ROOT), signer)
        .note()
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void opensWhatAnyKeyHasSignedAndTellsWhich() {
    assertThat(keys.signerOf(keys.open(note(former)))).isEqualTo(former.verifierKey());
    assertThat(keys.signerOf(keys.open(note(current)))).isEqualTo(current.verifierKey());
  }

  @Test
  void opensNothingThatAnotherKeyHasSigned() {
    byte[] strange = note(signer("example.com/log"));
    assertThatThrownBy(() -> keys.open(strange))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining(current.verifierKey().toString());
    byte[] other = note(signer("example.com/other"));
    assertThatThrownBy(() -> keys.open(other)).isInstanceOf(InvalidNoteException.class);
  }

  @Test
  void areOfOneLogAndEachIsThereOnce() {
    assertThatThrownBy(
            () ->
                new LogKeys(
                    current.verifierKey(), List.of(signer("example.com/other").verifierKey())))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("example.com/other");
    assertThatThrownBy(() -> new LogKeys(current.verifierKey(), List.of(current.verifierKey())))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("once");
  }
}
