package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;

/// Who cosigns checkpoints of logs that are not its own (C2SP tlog-cosignature, v1). In text
/// `name+id+key`, as a [VerifierKey], with the byte 4 before the public key: the same bytes under
/// the same name are another key for another use, with another id.
///
/// @param name of the witness, such as `witness.example.com/1`
/// @param publicKey the 32 bytes of RFC 8032
public record WitnessKey(String name, Bytes publicKey) {
  public WitnessKey {
    var _ = new NoteKey(NoteKey.Use.COSIGNATURE, name, publicKey);
  }

  /// Reads the text form.
  ///
  /// @throws InvalidNoteException when it is another form, for another use, or the id is wrong
  public static WitnessKey parse(String text) {
    NoteKey key = NoteKey.parse(NoteKey.Use.COSIGNATURE, text);
    return new WitnessKey(key.name(), key.publicKey());
  }

  private NoteKey key() {
    return new NoteKey(NoteKey.Use.COSIGNATURE, name, publicKey);
  }

  /// The first four bytes of SHA-256 over name, line feed, 4 and the key.
  int id() {
    return key().id();
  }

  /// Whether `signature` is this key's over `message`.
  boolean verifies(byte[] message, byte[] signature) {
    return key().verifies(message, signature);
  }

  /// Whether the line claims to be this key's.
  boolean isNamedBy(Note.Line line) {
    return line.name().equals(name) && line.keyId() == id();
  }

  /// The text form.
  @Override
  public String toString() {
    return key().toString();
  }
}
