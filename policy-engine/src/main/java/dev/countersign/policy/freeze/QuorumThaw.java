package dev.countersign.policy.freeze;

import dev.countersign.core.approval.Approver;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.freeze.ThawApproval;
import dev.countersign.core.freeze.ThawStatement;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.port.ThawAuthority;
import dev.countersign.core.port.Transaction;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.ActivePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/// Lifts a freeze when the quorum of the active policy's `freeze.thaw` wants it. Each approver
/// counts once, with however many keys.
public final class QuorumThaw implements ThawAuthority {
  /// Beyond that it is no list of approvals.
  private static final int MOST_APPROVALS = 1_000;

  private final ActivePolicies policies;

  public QuorumThaw(ActivePolicies policies) {
    this.policies = policies;
  }

  @Override
  public Answer verify(Transaction transaction, ThawStatement statement, List<Bytes> evidence) {
    ActivePolicy policy = policies.hold(transaction.unwrap(Handle.class));
    return policy
        .thaw()
        .map(quorum -> verify(quorum, policy.registry(), statement, evidence))
        .orElseGet(() -> NONE.verify(transaction, statement, evidence));
  }

  private static Answer verify(
      RuleQuorum quorum, ApproverRegistry registry, ThawStatement statement, List<Bytes> evidence) {
    if (evidence.size() > MOST_APPROVALS) {
      return new Answer.Refused(
          "%d approvals were sent, at most %d are looked at"
              .formatted(evidence.size(), MOST_APPROVALS));
    }
    Set<ApproverName> approved = new TreeSet<>();
    List<String> ignored = new ArrayList<>();
    for (Bytes one : evidence) {
      try {
        ThawApproval approval = ThawApproval.parse(one);
        whyNot(approval, quorum, registry, statement)
            .ifPresentOrElse(ignored::add, () -> approved.add(approval.approver()));
      } catch (InvalidValueException e) {
        ignored.add(e.getMessage());
      }
    }
    if (quorum.isMetBy(approved)) {
      return new Answer.Granted(approved.stream().map(ApproverName::value).toList());
    }
    String missing = "it still needs " + quorum.missing(approved, Set.of());
    return new Answer.Refused(
        ignored.isEmpty()
            ? missing
            : missing + "; these do not count: " + String.join("; ", ignored));
  }

  private static Optional<String> whyNot(
      ThawApproval approval,
      RuleQuorum quorum,
      ApproverRegistry registry,
      ThawStatement statement) {
    ApproverName name = approval.approver();
    Optional<Approver> approver = registry.find(name);
    if (approver.isEmpty()) {
      return Optional.of("the policy has no approver " + name);
    }
    if (!approver.get().keys().contains(approval.key())) {
      return Optional.of("the policy has no key " + approval.key().text() + " for " + name);
    }
    if (!quorum.members().contains(name)) {
      return Optional.of("%s is none of %s".formatted(name, quorum.members()));
    }
    return approval.isSignatureOf(statement)
        ? Optional.empty()
        : Optional.of(
            "the signature of %s is not one of this freeze and this time".formatted(name));
  }
}
