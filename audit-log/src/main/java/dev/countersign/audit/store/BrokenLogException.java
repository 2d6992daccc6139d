package dev.countersign.audit.store;

import java.util.OptionalLong;

/// What is stored is not what was signed: somebody or something changed the log behind our back. No
/// entry is put into the tree any more, since the next checkpoint would vouch for the change.
public final class BrokenLogException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /// What to do, for the person who is told.
  public static final String WAY_OUT =
      "the log is not continued: its next checkpoint would vouch for the change. Keep the database"
          + " as evidence, find out more with countersign audit verify, and go on in a new log"
          + " under a new origin: docs/runbooks/BROKEN_LOG.md";

  private final long index;

  BrokenLogException(String message) {
    this(message, -1);
  }

  /// @param index of the first entry that is wrong
  BrokenLogException(String message, long index) {
    super(message);
    this.index = index;
  }

  /// The first entry that is wrong, when it is known.
  public OptionalLong index() {
    return index < 0 ? OptionalLong.empty() : OptionalLong.of(index);
  }
}
