package dev.countersign.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedCheckpointTest {
  private static final CheckpointSigner SIGNER = signer("example.com/log");
  private static final Checkpoint CHECKPOINT =
      new Checkpoint("example.com/log", 42, TreeHash.leaf(new byte[0]));

  static CheckpointSigner signer(String origin) {
    return new Ed25519CheckpointSigner(origin, keyPair());
  }

  private static KeyPair keyPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static SignedCheckpoint open(String note, CheckpointSigner signer) {
    return SignedCheckpoint.open(note.getBytes(StandardCharsets.UTF_8), signer.verifierKey());
  }

  @Test
  void opensWhatItSigned() {
    SignedCheckpoint signed = SignedCheckpoint.sign(CHECKPOINT, SIGNER);
    assertThat(open(signed.note(), SIGNER).checkpoint()).isEqualTo(CHECKPOINT);
    assertThat(signed.note())
        .startsWith(
            """
            example.com/log
            42
            bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=

            — example.com/log\
            """);
  }

  @Test
  void refusesTheSignatureOfAnotherKeyOfThatName() {
    SignedCheckpoint signed = SignedCheckpoint.sign(CHECKPOINT, SIGNER);
    assertThatThrownBy(() -> open(signed.note(), signer("example.com/log")))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("no good signature");
  }

  @Test
  void refusesTheCheckpointOfAnotherOriginUnderTheSameKey() {
    KeyPair pair = keyPair();
    CheckpointSigner ours = new Ed25519CheckpointSigner("example.com/log", pair);
    Checkpoint theirs = new Checkpoint("example.com/other", 42, CHECKPOINT.root());
    assertThatThrownBy(() -> SignedCheckpoint.sign(theirs, ours))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessage(
            """
            the origin of a checkpoint
              expected: example.com/log
              got:      example.com/other\
            """);
  }

  @Test
  void refusesEveryChangedByte() {
    byte[] note = SignedCheckpoint.sign(CHECKPOINT, SIGNER).note().getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < note.length; i++) {
      byte[] changed = note.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> SignedCheckpoint.open(changed, SIGNER.verifierKey()))
          .as("changed at %d", i)
          .isInstanceOf(InvalidNoteException.class);
    }
  }

  @Test
  void passesOverExtensionLines() {
    String text = CHECKPOINT.text() + "something new\n";
    assertThat(Checkpoint.parse(text)).isEqualTo(CHECKPOINT);
  }

  /// The example of C2SP tlog-checkpoint.
  @Test
  void readsAPublishedCheckpoint() {
    String text =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    Checkpoint checkpoint = Checkpoint.parse(text);
    assertThat(checkpoint)
        .isEqualTo(
            new Checkpoint(
                "example.com/behind-the-sofa",
                20_852_163,
                Digest32.fromHex(
                    "0x0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")));
    assertThat(checkpoint.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "origin\n",
        "origin\n5\n",
        "\n5\nlqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=\n",
        "origin\n05\nlqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=\n",
        "origin\n-5\nlqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=\n",
        "origin\n9223372036854775808\nlqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=\n",
        "origin\n5\nlqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8\n",
        "origin\n5\nlqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8d=\n",
        "origin\n5\nAAAA\n",
        "origin\n5\nlqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=\n\nx\n"
      })
  void refusesWhatIsNoCheckpoint(String text) {
    assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(InvalidNoteException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a+b", "line\nfeed", "größe"})
  void refusesOriginsThatNoKeyNameCanBe(String origin) {
    assertThatThrownBy(() -> signer(origin))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("origin");
  }

  @Test
  void refusesHalvesOfDifferentPairs() {
    KeyPair mixed = new KeyPair(keyPair().getPublic(), keyPair().getPrivate());
    assertThatThrownBy(() -> new Ed25519CheckpointSigner("example.com/log", mixed))
        .hasMessageContaining("does not match");
  }

  @Test
  void refusesKeysOfOtherAlgorithms() throws NoSuchAlgorithmException {
    KeyPair ed448 = KeyPairGenerator.getInstance("Ed448").generateKeyPair();
    assertThatThrownBy(() -> new Ed25519CheckpointSigner("example.com/log", ed448))
        .isInstanceOf(InvalidNoteException.class);
  }
}
