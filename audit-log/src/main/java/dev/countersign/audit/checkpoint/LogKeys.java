package dev.countersign.audit.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The keys of one log: the one that signs now, and those that it had before. What those have
/// signed stays good.
///
/// @param previous in any order; none for a log that always had the same key
public record LogKeys(VerifierKey current, List<VerifierKey> previous) {

  /// @throws InvalidNoteException when one is of another log, or is given twice
  public LogKeys {
    previous = List.copyOf(previous);
    Set<VerifierKey> known = new HashSet<>(Set.of(current));
    for (VerifierKey key : previous) {
      if (!key.name().equals(current.name())) {
        throw InvalidNoteException.of("the origin of a previous key", current.name(), key.name());
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
    return Stream.concat(Stream.of(current), previous.stream()).toList();
  }

  /// Opens the note of a checkpoint that any of them has signed.
  ///
  /// @throws InvalidNoteException when none of them has, or it is no checkpoint of this log
  public SignedCheckpoint open(byte[] note) {
    InvalidNoteException failure;
    try {
      return SignedCheckpoint.open(note, current);
    } catch (InvalidNoteException e) {
      failure = e;
    }
    for (VerifierKey key : previous) {
      if (Note.parse(note).isSignedBy(key)) {
        return SignedCheckpoint.open(note, key);
      }
    }
    throw failure;
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
