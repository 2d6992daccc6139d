package dev.countersign.audit.checkpoint;

/// A key that a log had before. What it signed in its time stays good; whoever has it now can
/// neither continue the log with it nor rewrite what it signed.
///
/// @param last the last checkpoint that it signed for the log
public record FormerKey(VerifierKey key, Checkpoint last) {

  /// @throws InvalidNoteException when the checkpoint is of another log
  public FormerKey {
    if (!last.origin().equals(key.name())) {
      throw InvalidNoteException.of(
          "the origin of a former key's last checkpoint", key.name(), last.origin());
    }
  }

  /// Reads the text form.
  ///
  /// @throws InvalidNoteException when it is another form
  public static FormerKey parse(String text) {
    int root = text.lastIndexOf(':');
    int size = text.lastIndexOf(':', root - 1);
    if (size < 0) {
      throw InvalidNoteException.of(
          "a former key",
          "KEY:SIZE:ROOT, with size and root of the last checkpoint it signed",
          text);
    }
    VerifierKey key = VerifierKey.parse(text.substring(0, size));
    return new FormerKey(
        key,
        Checkpoint.parse(
            "%s\n%s\n%s\n"
                .formatted(key.name(), text.substring(size + 1, root), text.substring(root + 1))));
  }

  /// The verifier key, and the second and third line of the checkpoint, with colons between.
  @Override
  public String toString() {
    String[] lines = last.text().split("\n", -1);
    return key + ":" + lines[1] + ":" + lines[2];
  }
}
