package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A text that a key has signed (C2SP signed-note) and that is no checkpoint: one exists only after
/// its signature was made or checked.
public final class SignedText {
  private final Note note;

  private SignedText(Note note) {
    this.note = note;
  }

  /// Signs `text`, and checks what the key made.
  ///
  /// @param text lines that each end in a line feed
  /// @throws InvalidNoteException when it cannot be the text of a note, or the signature is wrong
  public static SignedText sign(String text, CheckpointSigner signer) {
    VerifierKey key = signer.verifierKey();
    byte[] signature = signer.sign(text.getBytes(StandardCharsets.UTF_8));
    Note note = new Note(text, List.of(new Note.Line(key.name(), key.id(), Bytes.of(signature))));
    return open(note.format().getBytes(StandardCharsets.UTF_8), key);
  }

  /// Opens a note.
  ///
  /// @throws InvalidNoteException when it is none, or is not signed by `key`
  public static SignedText open(byte[] note, VerifierKey key) {
    Note parsed = Note.parse(note);
    if (!parsed.isSignedBy(key)) {
      throw new InvalidNoteException("there is no good signature of the key%n  %s".formatted(key));
    }
    return new SignedText(parsed);
  }

  /// What is signed. Ends in a line feed.
  public String text() {
    return note.text();
  }

  /// The text with its signature lines.
  public String note() {
    return note.format();
  }

  @Override
  public String toString() {
    return note();
  }
}
