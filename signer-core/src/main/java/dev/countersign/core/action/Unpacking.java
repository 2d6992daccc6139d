package dev.countersign.core.action;

import java.util.List;

/// What came of reading all that a payload does.
public sealed interface Unpacking {

  /// @param actions at least one; the root first, each before those within it
  record Unpacked(List<Action> actions) implements Unpacking {
    public Unpacked {
      actions = List.copyOf(actions);
    }
  }

  /// Something in it is known and not as it should be, or goes deeper than anyone could judge: it
  /// is not to be signed.
  ///
  /// @param reason what was expected and what was there, for people
  record Opaque(String reason) implements Unpacking {}
}
