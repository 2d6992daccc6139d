package dev.countersign.audit.checkpoint;

/// A key that a log had before. What it signed in its time stays good; whoever has it now cannot
/// sign anything new with it.
///
/// @param lastSize of the last checkpoint that it signed for the log
public record FormerKey(VerifierKey key, long lastSize) {

  /// @throws InvalidNoteException when the size is negative
  public FormerKey {
    if (lastSize < 0) {
      throw InvalidNoteException.of(
          "the last size that a former key signed", "0 or more", Long.toString(lastSize));
    }
  }

  /// Reads the text form.
  ///
  /// @throws InvalidNoteException when it is another form
  public static FormerKey parse(String text) {
    int colon = text.lastIndexOf(':');
    String size = text.substring(colon + 1);
    if (colon < 0 || !size.matches("0|[1-9][0-9]{0,17}")) {
      throw InvalidNoteException.of(
          "a former key", "KEY:SIZE, the size of the last checkpoint that it signed", text);
    }
    return new FormerKey(VerifierKey.parse(text.substring(0, colon)), Long.parseLong(size));
  }

  /// The verifier key, a colon, and the size.
  @Override
  public String toString() {
    return key + ":" + lastSize;
  }
}
