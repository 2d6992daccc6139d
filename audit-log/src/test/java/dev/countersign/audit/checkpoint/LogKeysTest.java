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
  private final LogKeys keys = new LogKeys(current.verifierKey(), List.of(formerKey(former, 5)));

  private static CheckpointSigner signer(String origin) {
    try {
      return new Ed25519CheckpointSigner(
          origin, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] note(CheckpointSigner signer) {
    return note(signer, 5);
  }

  private static Checkpoint checkpoint(CheckpointSigner signer, long size) {
    return new Checkpoint(signer.verifierKey().name(), size, TreeHash.leaf(new byte[1]));
  }

  private static FormerKey formerKey(CheckpointSigner signer, long size) {
    return new FormerKey(signer.verifierKey(), checkpoint(signer, size));
  }

  private static byte[] note(CheckpointSigner signer, long size) {
    return SignedCheckpoint.sign(checkpoint(signer, size), signer)
        .note()
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void opensWhatAnyKeyHasSignedAndTellsWhich() {
    assertThat(keys.signerOf(keys.open(note(former)))).isEqualTo(former.verifierKey());
    assertThat(keys.signerOf(keys.open(note(current)))).isEqualTo(current.verifierKey());
  }

  @Test
  void aFormerKeySignsNothingNew() {
    byte[] later = note(former, 6);
    assertThatThrownBy(() -> keys.open(later))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("5 entries at most")
        .hasMessageContaining("got:      6");
    assertThat(keys.open(note(current, 6)).checkpoint().treeSize()).isEqualTo(6);
    byte[] another =
        SignedCheckpoint.sign(
                new Checkpoint(former.verifierKey().name(), 5, TreeHash.leaf(new byte[2])), former)
            .note()
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> keys.open(another))
        .hasMessageContaining("the last checkpoint of the former key");
  }

  @Test
  void aFormerKeyHasATextForm() {
    FormerKey key = formerKey(former, 1234);
    assertThat(key.toString())
        .startsWith(former.verifierKey() + ":1234:")
        .hasSize(former.verifierKey().toString().length() + 6 + 44);
    assertThat(FormerKey.parse(key.toString())).isEqualTo(key);
    String root = key.toString().substring(key.toString().lastIndexOf(':'));
    for (String wrong : List.of("", ":", ":5", ":-1" + root, ":01" + root, ":1e3" + root, ":5:x")) {
      assertThatThrownBy(() -> FormerKey.parse(former.verifierKey() + wrong))
          .as(wrong)
          .isInstanceOf(InvalidNoteException.class);
    }
    assertThatThrownBy(
            () -> new FormerKey(former.verifierKey(), checkpoint(signer("example.com/other"), 5)))
        .isInstanceOf(InvalidNoteException.class);
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
                    current.verifierKey(), List.of(formerKey(signer("example.com/other"), 5))))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("example.com/other");
    assertThatThrownBy(() -> new LogKeys(current.verifierKey(), List.of(formerKey(current, 5))))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("once");
  }
}
