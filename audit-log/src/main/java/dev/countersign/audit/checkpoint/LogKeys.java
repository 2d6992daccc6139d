package dev.countersign.audit.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The keys of one log: the one that signs now, and those that it had before.
///
/// @param former in any order; none for a log that always had the same key
public record LogKeys(VerifierKey current, List<FormerKey> former) {

  /// @throws InvalidNoteException when one is of another log, or is given twice
  public LogKeys {
    former = List.copyOf(former);
    Set<VerifierKey> known = new HashSet<>(Set.of(current));
    for (FormerKey before : former) {
      VerifierKey key = before.key();
      if (!key.name().equals(current.name())) {
        throw InvalidNoteException.of("the origin of a former key", current.name(), key.name());
      }
      if (!known.add(key)) {
        throw new InvalidNoteException(
            "expected each key of the log once, got another time %s".formatted(key));
      }
    }
  }

  public static LogKeys of(VerifierKey only) {
    return new LogKeys(only, List.of());
  }

  public List<VerifierKey> all() {
    return Stream.concat(Stream.of(current), former.stream().map(FormerKey::key)).toList();
  }

  /// Opens the note of a checkpoint that any of them has signed, a former one in its time.
  ///
  /// @throws InvalidNoteException when none of them has, or it is no checkpoint of this log
  public SignedCheckpoint open(byte[] note) {
    Note parsed = Note.parse(note);
    for (FormerKey before : former) {
      if (parsed.isSignedBy(before.key()) && !parsed.isSignedBy(current)) {
        SignedCheckpoint signed = SignedCheckpoint.open(note, before.key());
        requireInTime(before, signed.checkpoint());
        return signed;
      }
    }
    return SignedCheckpoint.open(note, current);
  }

  private static void requireInTime(FormerKey before, Checkpoint signed) {
    Checkpoint last = before.last();
    if (signed.treeSize() > last.treeSize()) {
      throw InvalidNoteException.of(
          "a checkpoint of the former key " + before.key(),
          last.treeSize() + " entries at most",
          Long.toString(signed.treeSize()));
    }
    if (signed.treeSize() == last.treeSize() && !signed.root().equals(last.root())) {
      throw InvalidNoteException.of(
          "the last checkpoint of the former key " + before.key(),
          last.root().toString(),
          signed.root().toString());
    }
  }

  /// Which of them signed a checkpoint that [#open] gave.
  public VerifierKey signerOf(SignedCheckpoint checkpoint) {
    Note note = Note.parse(checkpoint.note().getBytes(StandardCharsets.UTF_8));
    return all().stream()
        .filter(note::isSignedBy)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("a checkpoint of another log: " + checkpoint));
  }
}
