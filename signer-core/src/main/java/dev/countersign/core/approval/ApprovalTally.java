package dev.countersign.core.approval;

import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.model.ClientId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What approvals come to. Every signature is verified here, each time: whoever counts does not
/// trust who stored them.
///
/// @param ignored those that did not count, and why
public record ApprovalTally(Outcome outcome, List<Ignored> ignored) {
  public ApprovalTally {
    ignored = List.copyOf(ignored);
  }

  /// How far a request has come.
  public sealed interface Outcome {
    /// It is approved.
    ///
    /// @param counted one approval of each member who approved, by name
    record Met(List<Approval> counted) implements Outcome {
      public Met {
        counted = List.copyOf(counted);
      }
    }

    /// It is not approved yet.
    ///
    /// @param counted one approval of each member who approved, by name
    /// @param missing what it waits for, in words
    /// @param isPossible false when those who may approve are too few, however long it waits
    record Waiting(List<Approval> counted, String missing, boolean isPossible) implements Outcome {
      public Waiting {
        counted = List.copyOf(counted);
      }
    }

    /// A member said no. Nothing changes that.
    record Rejected(Approval by) implements Outcome {}

    /// Its time is up. Nothing counts any more.
    record Expired(Instant at) implements Outcome {}
  }

  /// @param reason what was expected and what was there, for people
  public record Ignored(Approval approval, String reason) {}

  /// Counts.
  ///
  /// - A signature that is not the key's, of this very statement, does not count; nor does a key
  /// that `registry` does not have for this approver, or an approver who is no member of the
  /// quorum.
  /// - An approver counts once, with however many keys.
  /// - An approver who is the same person as the client that asked cannot approve. They may reject.
  /// - One rejection is enough, whatever else was said.
  ///
  /// @param registry of the policy that the statement names; that it is this one is the caller's to
  ///     know
  /// @param approvals in the order in which they came
  public static ApprovalTally of(
      Approvable statement,
      ApproverRegistry registry,
      Collection<Approval> approvals,
      Instant now) {
    if (!now.isBefore(statement.expires())) {
      return new ApprovalTally(
          new Outcome.Expired(statement.expires()),
          approvals.stream()
              .map(approval -> new Ignored(approval, "it was asked until " + statement.expires()))
              .toList());
    }
    Set<ApproverName> initiators = statement.initiator().map(registry::personsOf).orElse(Set.of());
    Map<ApproverName, Approval> approved = new TreeMap<>();
    Map<ApproverName, Approval> rejected = new LinkedHashMap<>();
    List<Ignored> ignored = new ArrayList<>();
    for (Approval approval : approvals) {
      Map<ApproverName, Approval> counted =
          approval.decision() == Decision.APPROVE ? approved : rejected;
      Optional<String> reason =
          whyNot(approval, statement, registry)
              .or(() -> whyNotInitiator(approval, initiators, statement))
              .or(() -> whyNotAgain(approval, counted));
      reason.ifPresentOrElse(
          text -> ignored.add(new Ignored(approval, text)),
          () -> counted.put(approval.approver(), approval));
    }
    return new ApprovalTally(outcome(statement.quorum(), approved, rejected, initiators), ignored);
  }

  private static Outcome outcome(
      Quorum quorum,
      Map<ApproverName, Approval> approved,
      Map<ApproverName, Approval> rejected,
      Set<ApproverName> initiators) {
    Optional<Approval> no = rejected.values().stream().findFirst();
    if (no.isPresent()) {
      return new Outcome.Rejected(no.get());
    }
    List<Approval> counted = List.copyOf(approved.values());
    return quorum.isMetBy(approved.keySet())
        ? new Outcome.Met(counted)
        : new Outcome.Waiting(
            counted,
            quorum.missing(approved.keySet(), initiators),
            quorum.isStillPossible(initiators));
  }

  private static Optional<String> whyNot(
      Approval approval, Approvable statement, ApproverRegistry registry) {
    ApproverName name = approval.approver();
    Optional<Approver> approver = registry.find(name);
    if (approver.isEmpty()) {
      return Optional.of("the policy has no approver " + name);
    }
    if (!approver.get().keys().contains(approval.key())) {
      return Optional.of("the policy has no key " + approval.key().text() + " for " + name);
    }
    if (!statement.quorum().members().contains(name)) {
      return Optional.of("%s is none of %s".formatted(name, statement.quorum().members()));
    }
    if (!approval.isSignatureOf(statement)) {
      return Optional.of(
          "the signature is not that of %s on this statement, %s"
              .formatted(approval.key().text(), statement.digest()));
    }
    return Optional.empty();
  }

  private static Optional<String> whyNotInitiator(
      Approval approval, Set<ApproverName> initiators, Approvable statement) {
    return approval.decision() == Decision.APPROVE && initiators.contains(approval.approver())
        ? Optional.of(
            "%s is %s, who asked for it"
                .formatted(
                    approval.approver(), statement.initiator().map(ClientId::value).orElse("")))
        : Optional.empty();
  }

  private static Optional<String> whyNotAgain(
      Approval approval, Map<ApproverName, Approval> counted) {
    return counted.containsKey(approval.approver())
        ? Optional.of(approval.approver() + " has said so already, and counts once")
        : Optional.empty();
  }
}
