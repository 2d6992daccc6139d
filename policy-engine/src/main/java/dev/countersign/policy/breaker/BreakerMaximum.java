package dev.countersign.policy.breaker;

import dev.countersign.policy.rule.BalanceShare;
import java.math.BigInteger;

/// The most of a balance that may go without tripping a breaker.
public sealed interface BreakerMaximum {
  /// @param lost what went
  /// @param of what was there
  boolean isExceededBy(BigInteger lost, BigInteger of);

  /// In the asset's smallest unit.
  record Amount(BigInteger amount) implements BreakerMaximum {
    @Override
    public boolean isExceededBy(BigInteger lost, BigInteger of) {
      return lost.compareTo(amount) > 0;
    }

    @Override
    public String toString() {
      return amount.toString();
    }
  }

  /// A part of what was there.
  record Share(BalanceShare share) implements BreakerMaximum {
    @Override
    public boolean isExceededBy(BigInteger lost, BigInteger of) {
      return !share.covers(lost, of);
    }

    @Override
    public String toString() {
      return share.toString();
    }
  }
}
