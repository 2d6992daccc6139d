package dev.countersign.policy.diff;

import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.policy.diff.PolicyChange.Kind;
import dev.countersign.policy.rule.Demand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a rule demands, on both sides with the same effect.
final class DemandDiff {
  private final String rule;
  private final List<PolicyChange> changes = new ArrayList<>();

  private DemandDiff(String rule) {
    this.rule = rule;
  }

  static List<PolicyChange> changes(DiffedRule before, DiffedRule after) {
    DemandDiff diff = new DemandDiff(after.name());
    if (before.demand().isPresent() && after.demand().isPresent()) {
      diff.compare(before, after);
    }
    return diff.changes;
  }

  private void compare(DiffedRule before, DiffedRule after) {
    Demand old = before.demand().orElseThrow();
    Demand now = after.demand().orElseThrow();
    if (old instanceof Demand.Approvals was && now instanceof Demand.Approvals is) {
      // Where the text is the same, a group it names is other: that is told of the group.
      if (!NodeText.same(before.key("approvals"), after.key("approvals"))) {
        quorum(was.quorum(), is.quorum());
      }
      duration("lifetime", was.lifetime(), is.lifetime(), Direction.LOOSENS);
    } else if (old instanceof Demand.Delay was && now instanceof Demand.Delay is) {
      duration("delay", was.length(), is.length(), Direction.TIGHTENS);
    } else if (!old.text().equals(now.text())) {
      add("demand", old.text(), now.text(), Direction.LOOSENS, "");
    }
  }

  private void quorum(RuleQuorum old, RuleQuorum now) {
    if (!old.equals(now)) {
      add("approvals", old.text(), now.text(), QuorumComparison.direction(old, now), "");
    }
  }

  private void duration(String key, Duration old, Duration now, Direction whenLonger) {
    int longer = now.compareTo(old);
    if (longer != 0) {
      Direction whenShorter =
          whenLonger == Direction.LOOSENS ? Direction.TIGHTENS : Direction.LOOSENS;
      add(
          key,
          old.toString(),
          now.toString(),
          longer > 0 ? whenLonger : whenShorter,
          longer > 0 ? " (longer)" : " (shorter)");
    }
  }

  private void add(String key, String was, String is, Direction direction, String remark) {
    changes.add(
        new PolicyChange(
            "rules",
            rule,
            key,
            Kind.CHANGED,
            List.of(was),
            List.of(is),
            direction,
            "rule %s: %s %s -> %s%s".formatted(rule, key, was, is, remark)));
  }
}
