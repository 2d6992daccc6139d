package dev.countersign.audit.checkpoint;

/// A note, a checkpoint or a verifier key is not what its format says, or is not signed by the key
/// it was opened with.
public final class InvalidNoteException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidNoteException(String message) {
    super(message);
  }

  static InvalidNoteException of(String what, String expected, String given) {
    return new InvalidNoteException(
        "%s%n  expected: %s%n  got:      %s".formatted(what, expected, given));
  }
}
