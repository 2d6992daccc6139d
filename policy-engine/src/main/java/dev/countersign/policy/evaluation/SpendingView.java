package dev.countersign.policy.evaluation;

import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;

/// What the limits hold at the moment of judging.
@FunctionalInterface
public interface SpendingView {

  /// How much the window of `scope` holds now, reserved and committed together.
  ///
  /// @throws RuntimeException when it is not known; the judgement is then a denial
  BigInteger spent(ScopeKey scope);
}
