package dev.countersign.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Notes that others signed: the examples in the documentation of Go's `sumdb/note` package and in
/// C2SP's signed-note.
class SignedNoteVectorsTest {
  static final String GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  static final String GO_NOTE =
      """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.

      — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
      """;
  private static final String C2SP_KEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  private static final String C2SP_NOTE =
      """
      This is an example message.

      — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
      """;

  private static Note note(String text) {
    return Note.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void notesOfOthersAreSignedByTheirKeys() {
    assertThat(note(GO_NOTE).isSignedBy(VerifierKey.parse(GO_KEY))).isTrue();
    assertThat(note(C2SP_NOTE).isSignedBy(VerifierKey.parse(C2SP_KEY))).isTrue();
    assertThat(note(GO_NOTE).isSignedBy(VerifierKey.parse(C2SP_KEY))).isFalse();
  }

  @Test
  void keysAndNotesAreWrittenAsTheyWereRead() {
    assertThat(VerifierKey.parse(GO_KEY)).hasToString(GO_KEY);
    assertThat(VerifierKey.parse(C2SP_KEY)).hasToString(C2SP_KEY);
    assertThat(note(GO_NOTE).format()).isEqualTo(GO_NOTE);
  }

  @Test
  void everyChangedCharacterOfTheTextSpoilsTheSignature() {
    VerifierKey key = VerifierKey.parse(GO_KEY);
    Note good = note(GO_NOTE);
    for (int i = 0; i < good.text().length() - 1; i++) {
      String text = good.text().substring(0, i) + '~' + good.text().substring(i + 1);
      assertThat(new Note(text, good.signatures()).isSignedBy(key))
          .as("changed at %d", i)
          .isFalse();
    }
  }

  @Test
  void signaturesOfStrangersArePassedOver() {
    String signed = note(C2SP_NOTE).signatures().getFirst().text();
    assertThat(note(GO_NOTE + signed).isSignedBy(VerifierKey.parse(GO_KEY))).isTrue();
  }

  @Test
  void aBadSignatureUnderTheRightKeySpoilsTheNote() {
    Note good = note(GO_NOTE);
    Note.Line line = good.signatures().getFirst();
    byte[] bytes = line.signature().toArray();
    bytes[7] ^= 1;
    Note.Line bad = new Note.Line(line.name(), line.keyId(), Bytes.of(bytes));
    assertThat(new Note(good.text(), List.of(line, bad)).isSignedBy(VerifierKey.parse(GO_KEY)))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "peterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
      })
  void refusesWhatIsNoVerifierKey(String text) {
    assertThatThrownBy(() -> VerifierKey.parse(text)).isInstanceOf(InvalidNoteException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n— name AAAAAAA=",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name ====\n",
        "text\n\n— name AAAAAAA= more\n",
        "te\u0007xt\n\n— name AAAAAAA=\n",
        "text\r\n\n— name AAAAAAA=\n"
      })
  void refusesWhatIsNoNote(String text) {
    assertThatThrownBy(() -> note(text)).isInstanceOf(InvalidNoteException.class);
  }

  @Test
  void refusesBytesThatAreNoText() {
    byte[] bytes = GO_NOTE.getBytes(StandardCharsets.UTF_8);
    bytes[0] = (byte) 0xff;
    assertThatThrownBy(() -> Note.parse(bytes)).hasMessageContaining("UTF-8");
  }
}
