package dev.countersign.policy.evaluation;

import dev.countersign.core.approval.Quorum;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.policy.rule.Demand;
import dev.countersign.policy.rule.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What has to be there before something that is allowed is signed. Requirements of several rules
/// add up; of several delays the longest holds, of several lifetimes the shortest.
///
/// @param rules those that demand it, in the order in which they matched
/// @param quorum who has to approve, if anybody
/// @param lifetime how long they may take; zero when nobody has to
/// @param delay how long it waits after that; zero when it does not
public record Conditions(
    List<Rule> rules, Optional<Quorum> quorum, Duration lifetime, Duration delay) {
  public static final Conditions NONE =
      new Conditions(List.of(), Optional.empty(), Duration.ZERO, Duration.ZERO);

  public Conditions {
    rules = List.copyOf(rules);
  }

  static Conditions of(Collection<Rule> demanding) {
    if (demanding.isEmpty()) {
      return NONE;
    }
    List<RuleQuorum> quorums = new ArrayList<>();
    Optional<Duration> lifetime = Optional.empty();
    Duration delay = Duration.ZERO;
    for (Rule rule : demanding) {
      switch (rule.demand().orElseThrow()) {
        case Demand.Approvals(RuleQuorum quorum, Duration most) -> {
          quorums.add(quorum);
          lifetime =
              lifetime.filter(shorter -> shorter.compareTo(most) <= 0).or(() -> Optional.of(most));
        }
        case Demand.Delay(Duration length) -> delay = delay.compareTo(length) < 0 ? length : delay;
      }
    }
    return new Conditions(
        List.copyOf(demanding),
        quorums.isEmpty() ? Optional.empty() : Optional.of(Quorum.combined(quorums)),
        lifetime.orElse(Duration.ZERO),
        delay);
  }

  public boolean isNone() {
    return rules.isEmpty();
  }

  /// In one form for each demand, whichever order the rules are in.
  public String text() {
    return rules.stream()
        .map(rule -> rule.name() + ": " + rule.demand().orElseThrow().text())
        .sorted()
        .collect(Collectors.joining("; "));
  }

  public List<String> ruleNames() {
    return rules.stream().map(Rule::name).toList();
  }
}
