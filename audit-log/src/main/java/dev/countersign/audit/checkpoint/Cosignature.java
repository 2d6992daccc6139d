package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// A witness's word that at a certain time this was the largest checkpoint of the log that it knew,
/// and consistent with all before (C2SP tlog-cosignature, v1). One exists only after its signature
/// was made or checked.
public final class Cosignature {
  private static final int SIZE = Long.BYTES + 64;

  private final WitnessKey witness;
  private final Instant at;
  private final Note.Line line;

  private Cosignature(WitnessKey witness, Instant at, Note.Line line) {
    this.witness = witness;
    this.at = at;
    this.line = line;
  }

  /// Cosigns. The key is a witness's and nothing else: it must sign no checkpoints of its own.
  ///
  /// @param key the witness's; its name is the witness's
  /// @param at seconds count
  /// @throws InvalidNoteException when the key does not sign what it should
  public static Cosignature sign(SignedCheckpoint checkpoint, CheckpointSigner key, Instant at) {
    WitnessKey witness = keyOf(key);
    long seconds = at.getEpochSecond();
    byte[] signature = key.sign(message(checkpoint.text(), seconds));
    Bytes stamped =
        Bytes.of(
            ByteBuffer.allocate(Long.BYTES + signature.length)
                .putLong(seconds)
                .put(signature)
                .array());
    return check(checkpoint.text(), new Note.Line(witness.name(), witness.id(), stamped), witness)
        .orElseThrow(
            () ->
                new InvalidNoteException("the key of the witness made a signature that is wrong"));
  }

  /// The public half of a key when it cosigns.
  public static WitnessKey keyOf(CheckpointSigner key) {
    return new WitnessKey(key.verifierKey().name(), key.verifierKey().publicKey());
  }

  /// Reads one signature line and checks it.
  ///
  /// @param line with or without its line feed
  /// @return nothing when it is malformed, another's, or not a good signature of this checkpoint
  public static Optional<Cosignature> check(
      String line, SignedCheckpoint checkpoint, WitnessKey witness) {
    try {
      String bare = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
      return check(checkpoint.text(), Note.parseLine(bare), witness);
    } catch (InvalidNoteException e) {
      return Optional.empty();
    }
  }

  /// Whether a signature line claims to be of this key.
  public static boolean isNamed(String line, WitnessKey witness) {
    try {
      return witness.isNamedBy(Note.parseLine(line));
    } catch (InvalidNoteException e) {
      return false;
    }
  }

  /// @param text of the note that the line is under
  static Optional<Cosignature> check(String text, Note.Line line, WitnessKey witness) {
    if (!witness.isNamedBy(line) || line.signature().size() != SIZE) {
      return Optional.empty();
    }
    long seconds = ByteBuffer.wrap(line.signature().toArray()).getLong();
    byte[] signature = line.signature().slice(Long.BYTES, SIZE).toArray();
    return seconds >= 0
            && seconds <= Instant.MAX.getEpochSecond()
            && witness.verifies(message(text, seconds), signature)
        ? Optional.of(new Cosignature(witness, Instant.ofEpochSecond(seconds), line))
        : Optional.empty();
  }

  private static byte[] message(String text, long seconds) {
    return ("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(StandardCharsets.UTF_8);
  }

  public WitnessKey witness() {
    return witness;
  }

  /// When it was made, by the witness's clock.
  public Instant at() {
    return at;
  }

  /// The signature line, line feed included: what stands under the checkpoint.
  public String line() {
    return line.text();
  }

  @Override
  public String toString() {
    return line();
  }
}
