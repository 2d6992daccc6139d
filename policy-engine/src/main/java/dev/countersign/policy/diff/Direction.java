package dev.countersign.policy.diff;

import java.util.Collection;
import java.util.Locale;

/// What a change does to what may be signed.
public enum Direction {
  /// Something may be signed, or with less asked for first, that could not be before; or that
  /// cannot be ruled out.
  LOOSENS,
  /// Nothing more may be signed, and less may be, or more is asked for first.
  TIGHTENS,
  /// What may be signed stays the same.
  NEITHER;

  /// Of several changes together: one that loosens is not made up for by others that tighten.
  static Direction of(Collection<Direction> changes) {
    if (changes.contains(LOOSENS)) {
      return LOOSENS;
    }
    return changes.contains(TIGHTENS) ? TIGHTENS : NEITHER;
  }

  /// `loosens`, `tightens` or `neither`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
