package dev.countersign.policy.limit;

import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.policy.evaluation.SpendingView;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The limits as if a request had been charged for nothing yet, so that what takes its place is not
/// counted twice. Only what it takes beyond what the request was charged, in a scope, is charged.
public final class OwnCharges implements SpendingView {
  private final ScopeBook book;
  private final Map<ScopeKey, BigInteger> all = new HashMap<>();
  private final Map<ScopeKey, BigInteger> within = new HashMap<>();

  /// What the request, or a replacement of its payload, was charged.
  record Held(ScopeKey scope, Instant at, BigInteger amount) {}

  OwnCharges(ScopeBook book, List<Held> held) {
    this.book = book;
    for (Held one : held) {
      all.merge(one.scope(), one.amount(), BigInteger::add);
      if (book.isWithin(one.scope(), one.at())) {
        within.merge(one.scope(), one.amount(), BigInteger::add);
      }
    }
  }

  @Override
  public BigInteger spent(ScopeKey scope) {
    return book.spent(scope).subtract(within.getOrDefault(scope, BigInteger.ZERO));
  }

  /// What the request was charged in a scope, whether its window still has it or not.
  public BigInteger charged(ScopeKey scope) {
    return all.getOrDefault(scope, BigInteger.ZERO);
  }

  /// What is left to be charged of what something takes in all.
  public List<Charge> growth(List<Charge> charges) {
    List<Charge> growth = new ArrayList<>();
    for (Charge charge : charges) {
      BigInteger more = charge.amount().subtract(charged(charge.scope()));
      if (more.signum() > 0) {
        growth.add(new Charge(charge.scope(), more));
      }
    }
    return growth;
  }

  /// What becomes of limits by `growth`, as far as `uses` tell of them. Before it is charged.
  public List<LimitUse> uses(List<LimitUse> uses, List<Charge> growth) {
    List<LimitUse> grown = new ArrayList<>();
    for (Charge charge : growth) {
      for (LimitUse use : uses) {
        if (use.counter().equals(charge.scope().text())) {
          BigInteger before = book.spent(charge.scope());
          grown.add(
              new LimitUse(
                  use.counter(), use.window(), use.maximum(), before, before.add(charge.amount())));
        }
      }
    }
    return grown;
  }
}
