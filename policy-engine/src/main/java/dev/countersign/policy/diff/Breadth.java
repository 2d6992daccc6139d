package dev.countersign.policy.diff;

import dev.countersign.policy.rule.Effect;

/// How what a criterion lets through compares with what it let through before.
enum Breadth {
  SAME,
  WIDER,
  NARROWER,
  /// Some more and some less, or nobody knows.
  OTHER;

  /// For a rule with this effect: one that allows does more when it is about more, one that
  /// restricts restricts more.
  Direction direction(Effect effect) {
    return switch (this) {
      case SAME -> Direction.NEITHER;
      case OTHER -> Direction.LOOSENS;
      case WIDER -> effect == Effect.ALLOW ? Direction.LOOSENS : Direction.TIGHTENS;
      case NARROWER -> effect == Effect.ALLOW ? Direction.TIGHTENS : Direction.LOOSENS;
    };
  }
}
