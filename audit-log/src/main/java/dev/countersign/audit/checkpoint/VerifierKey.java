package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;

/// Who signs a log's checkpoints: what an auditor pins. In text `name+id+key`: the key's name, its
/// id as eight hex digits, and the base64 of the byte 1 (Ed25519) and the public key.
///
/// @param name of the key, and origin of its log; such as `example.com/custody`
/// @param publicKey the 32 bytes of RFC 8032
public record VerifierKey(String name, Bytes publicKey) {
  static final int KEY_SIZE = NoteKey.KEY_SIZE;
  static final byte[] X509_PREFIX = NoteKey.X509_PREFIX;

  public VerifierKey {
    var _ = new NoteKey(NoteKey.Use.NOTE, name, publicKey);
  }

  /// Reads the text form.
  ///
  /// @throws InvalidNoteException when it is another form, another algorithm, or the id is wrong
  public static VerifierKey parse(String text) {
    NoteKey key = NoteKey.parse(NoteKey.Use.NOTE, text);
    return new VerifierKey(key.name(), key.publicKey());
  }

  private NoteKey key() {
    return new NoteKey(NoteKey.Use.NOTE, name, publicKey);
  }

  /// The first four bytes of SHA-256 over name, line feed, 1 and the key.
  int id() {
    return key().id();
  }

  /// Whether `signature` is this key's over `message`.
  boolean verifies(byte[] message, byte[] signature) {
    return key().verifies(message, signature);
  }

  /// The text form.
  @Override
  public String toString() {
    return key().toString();
  }
}
