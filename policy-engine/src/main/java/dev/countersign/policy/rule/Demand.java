package dev.countersign.policy.rule;

import dev.countersign.core.approval.RuleQuorum;
import java.time.Duration;

/// What a rule wants to be there before what it matches is signed.
public sealed interface Demand {
  /// In one form for each demand.
  String text();

  /// That these people approve it.
  ///
  /// @param lifetime how long they may take
  record Approvals(RuleQuorum quorum, Duration lifetime) implements Demand {
    @Override
    public String text() {
      return quorum.text() + " within " + lifetime;
    }
  }

  /// That so much time goes by first, in which it can be withdrawn.
  record Delay(Duration length) implements Demand {
    @Override
    public String text() {
      return length.toString();
    }
  }
}
