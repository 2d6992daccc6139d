package dev.countersign.policy.diff;

import dev.countersign.core.model.Digest32;
import dev.countersign.policy.yaml.Problem;
import java.util.ArrayList;
import java.util.List;

/// What one policy changes about another. It compares what the documents mean: comments, the order
/// of lists, and an address in place of the list that holds it alone are no difference.
///
/// **Sound**: what has no change that loosens allows nothing that was denied before and asks for
/// nothing less, whatever the limits hold at the moment. What this release does not know how to
/// compare is taken to loosen. It may say so of a change that in the end lets nothing more through,
/// such as a new rule beside one that allows the same.
///
/// @param before SHA-256 of the one document
/// @param after SHA-256 of the other
/// @param changes in the order of the document's sections
public record PolicyDiff(Digest32 before, Digest32 after, List<PolicyChange> changes) {
  public PolicyDiff {
    changes = List.copyOf(changes);
  }

  /// What came of comparing.
  public sealed interface Outcome {
    record Compared(PolicyDiff diff) implements Outcome {}

    /// @param isBefore which of the two is no policy; the first, when neither is
    /// @param problems at least one
    record Invalid(boolean isBefore, List<Problem> problems) implements Outcome {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /// Compares two documents, of which each must be a policy by itself. Total and deterministic.
  public static Outcome of(byte[] before, byte[] after) {
    return switch (DiffedPolicy.read(before)) {
      case DiffedPolicy.Reading.Invalid(List<Problem> problems) ->
          new Outcome.Invalid(true, problems);
      case DiffedPolicy.Reading.Valid(DiffedPolicy one) ->
          switch (DiffedPolicy.read(after)) {
            case DiffedPolicy.Reading.Invalid(List<Problem> problems) ->
                new Outcome.Invalid(false, problems);
            case DiffedPolicy.Reading.Valid(DiffedPolicy other) ->
                new Outcome.Compared(of(one, other));
          };
    };
  }

  private static PolicyDiff of(DiffedPolicy before, DiffedPolicy after) {
    List<PolicyChange> changes = new ArrayList<>();
    changes.addAll(RuleDiff.changes(before, after));
    changes.addAll(AddressListDiff.changes(before, after));
    changes.addAll(ApproverDiff.changes(before, after));
    changes.addAll(PriceDiff.changes(before.prices(), after.prices()));
    changes.addAll(BreakerDiff.changes(before.section("breakers"), after.section("breakers")));
    changes.addAll(SectionDiff.changes(before, after));
    return new PolicyDiff(before.hash(), after.hash(), changes);
  }

  /// All changes together.
  public Direction direction() {
    return Direction.of(changes.stream().map(PolicyChange::direction).toList());
  }

  /// Whether anything may be signed, or with less asked for first, that could not be before.
  public boolean loosens() {
    return direction() == Direction.LOOSENS;
  }
}
