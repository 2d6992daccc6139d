package dev.countersign.policy.diff;

import java.util.List;
import java.util.Locale;

/// One thing that is other in one policy than in another.
///
/// @param section the key at the root of the document, such as `rules`
/// @param name which rule, list, approver, group or breaker; empty where the section has no names
/// @param key what of it, such as `maximum` or `limits.daily.window`; empty for all of it
/// @param before as values: amounts as whole numbers of the smallest unit, addresses with their
///     checksum; empty when there was nothing
/// @param after likewise
/// @param direction never [Direction#TIGHTENS] or [Direction#NEITHER] where that is not certain
/// @param text for people, in one line
public record PolicyChange(
    String section,
    String name,
    String key,
    Kind kind,
    List<String> before,
    List<String> after,
    Direction direction,
    String text) {
  public PolicyChange {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /// What became of it.
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED;

    /// `added`, `removed` or `changed`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
