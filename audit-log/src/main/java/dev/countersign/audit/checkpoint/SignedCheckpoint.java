package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/// A checkpoint whose log has signed it: one exists only after its signature was made or checked.
public final class SignedCheckpoint {
  private final Checkpoint checkpoint;
  private final String note;

  private SignedCheckpoint(Checkpoint checkpoint, String note) {
    this.checkpoint = checkpoint;
    this.note = note;
  }

  /// Signs `checkpoint`, and checks what the key made.
  ///
  /// @throws InvalidNoteException when the checkpoint is of another log, or the signature is wrong
  public static SignedCheckpoint sign(Checkpoint checkpoint, CheckpointSigner signer) {
    VerifierKey key = signer.verifierKey();
    byte[] signature = signer.sign(checkpoint.text().getBytes(StandardCharsets.UTF_8));
    Note note =
        new Note(
            checkpoint.text(), List.of(new Note.Line(key.name(), key.id(), Bytes.of(signature))));
    return open(note.format().getBytes(StandardCharsets.UTF_8), key);
  }

  /// Opens the note of a checkpoint. The log's origin must be the name of its key.
  ///
  /// @throws InvalidNoteException when it is no checkpoint, or of another log, or is not signed by
  ///     `key`
  public static SignedCheckpoint open(byte[] note, VerifierKey key) {
    Note parsed = Note.parse(note);
    if (!parsed.isSignedBy(key)) {
      throw new InvalidNoteException(
          "the checkpoint has no good signature of the key%n  %s".formatted(key));
    }
    Checkpoint checkpoint = Checkpoint.parse(parsed.text());
    if (!checkpoint.origin().equals(key.name())) {
      throw InvalidNoteException.of("the origin of a checkpoint", key.name(), checkpoint.origin());
    }
    return new SignedCheckpoint(checkpoint, parsed.format());
  }

  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /// The signed note, as it is published.
  public String note() {
    return note;
  }

  /// The text that is signed: the note without its signature lines.
  String text() {
    return note.substring(0, note.lastIndexOf("\n\n") + 1);
  }

  /// The signed note with more signature lines under it.
  public String noteWith(Collection<Cosignature> cosignatures) {
    StringBuilder all = new StringBuilder(note);
    cosignatures.forEach(cosignature -> all.append(cosignature.line()));
    return all.toString();
  }

  @Override
  public String toString() {
    return note;
  }
}
