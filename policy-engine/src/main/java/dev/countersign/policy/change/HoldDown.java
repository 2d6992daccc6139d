package dev.countersign.policy.change;

import dev.countersign.core.model.Address;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.DestinationCriterion;
import dev.countersign.policy.rule.DestinationCriterion.Destination;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.yaml.Position;
import dev.countersign.policy.yaml.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Holds a new policy against the hold-down of the one that is active: whoever may be paid by it
/// and could not before waits, in the new document's own words, so that what approvers approve and
/// what the hash names says it.
///
/// What counts is whom rules that allow may pay under which name (a list, a tag, or an address that
/// stands in the rule itself). An entry that leaves and comes back is new, and so is one whose list
/// nothing allowed before. The longer hold-down of the two policies counts, so that the change that
/// drops it is still held by it.
final class HoldDown {
  private HoldDown() {}

  /// @param active nothing before the first activation, whose entries need not wait
  /// @param now the earliest time of activation
  /// @return what is wrong; empty when nothing is
  static List<Problem> problems(Optional<PolicyDocument> active, PolicyDocument next, Instant now) {
    if (active.isEmpty()) {
      return List.of();
    }
    Duration before = active.get().addresses().holdDown();
    Duration after = next.addresses().holdDown();
    Duration length = before.compareTo(after) > 0 ? before : after;
    if (length.isZero()) {
      return List.of();
    }
    Map<Payee, Optional<Instant>> known = payees(active.get());
    List<Problem> problems = new ArrayList<>();
    payees(next)
        .forEach(
            (payee, from) -> {
              Instant first = earliest(Optional.ofNullable(known.get(payee)), now, length);
              if (from.orElse(Instant.MIN).isBefore(first)) {
                problems.add(problem(payee, from, first, length));
              }
            });
    problems.sort(Comparator.comparing(Problem::path).thenComparing(Problem::message));
    return problems;
  }

  private record Payee(String name, Address address) {}

  /// @param known nothing for a new payee; else since when it may be paid, if that was said
  private static Instant earliest(Optional<Optional<Instant>> known, Instant now, Duration length) {
    return known
        .map(from -> from.filter(now::isBefore).orElse(Instant.MIN))
        .orElseGet(() -> now.plus(length));
  }

  private static Problem problem(
      Payee payee, Optional<Instant> from, Instant first, Duration length) {
    return new Problem(
        Position.START,
        "addresses." + payee.name(),
        "%s may be paid %s, expected `from: %s` or later: what is new waits for %s"
            .formatted(
                payee.address().checksummed(),
                from.map(time -> "from " + time + " on").orElse("at once"),
                first,
                length));
  }

  private static Map<Payee, Optional<Instant>> payees(PolicyDocument policy) {
    Map<Payee, Optional<Instant>> payees = new HashMap<>();
    policy.rules().stream()
        .filter(rule -> rule.effect() == Effect.ALLOW)
        .flatMap(rule -> rule.criteria().stream())
        .filter(DestinationCriterion.class::isInstance)
        .flatMap(criterion -> ((DestinationCriterion) criterion).payees().stream())
        .forEach(destination -> add(destination, payees));
    return payees;
  }

  private static void add(Destination destination, Map<Payee, Optional<Instant>> payees) {
    for (Address address : destination.addresses()) {
      payees.put(
          new Payee(destination.text(), address),
          Optional.ofNullable(destination.from().get(address)));
    }
  }
}
