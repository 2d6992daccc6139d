package dev.countersign.policy.succession;

import dev.countersign.core.approval.ApprovalTally;
import dev.countersign.core.approval.ApprovalTally.Outcome;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The policies that were approved, each by the quorum of the one before it, back to the founders.
/// Immutable; whoever signs for a policy verifies it with this, and needs nothing but the founders'
/// file, the documents and what was signed.
///
/// What is no successor changes nothing: it is told as a fault, and the next one has to follow the
/// last that was.
///
/// @param head the last policy that was approved; nothing before the first
/// @param faults what was given and is no successor
public record PolicySuccession(Founders founders, Optional<Head> head, List<Fault> faults) {
  public PolicySuccession {
    faults = List.copyOf(faults);
  }

  /// @param document its bytes, which hash to the version's
  /// @param authority who may put another in its place; nothing when this release cannot tell
  public record Head(PolicyVersion version, Bytes document, Optional<ChangeAuthority> authority) {}

  /// @param reason why it was not approved, for people
  public record Fault(long version, String reason) {}

  /// Before the first policy.
  public static PolicySuccession of(Founders founders) {
    return new PolicySuccession(founders, Optional.empty(), List.of());
  }

  /// All of them.
  ///
  /// @param links in the order of their numbers
  public static PolicySuccession verify(Founders founders, List<PolicyLink> links) {
    PolicySuccession succession = of(founders);
    for (PolicyLink link : links) {
      succession = succession.then(link);
    }
    return succession;
  }

  /// With one more.
  public PolicySuccession then(PolicyLink link) {
    Optional<String> fault = fault(link);
    if (fault.isPresent()) {
      List<Fault> all = new ArrayList<>(faults);
      all.add(new Fault(link.version(), fault.get()));
      return new PolicySuccession(founders, head, all);
    }
    PolicyVersion version =
        new PolicyVersion(link.version(), PolicyChangeStatement.hashOf(link.document()));
    return new PolicySuccession(
        founders,
        Optional.of(
            new Head(version, link.document(), ChangeAuthority.of(link.document(), founders))),
        faults);
  }

  /// As if nothing else had been given.
  public PolicySuccession withoutFaults() {
    return new PolicySuccession(founders, head, List.of());
  }

  /// What the next one has to be based on.
  public PolicyVersion base() {
    return head.map(Head::version).orElse(PolicyChangeStatement.NO_POLICY);
  }

  /// Who may approve the next one; nothing when this release cannot tell.
  public Optional<ChangeAuthority> authority() {
    return head.map(Head::authority).orElse(Optional.of(founders.authority()));
  }

  /// Why `number` is no successor.
  public Optional<String> faultOf(long number) {
    return faults.stream()
        .filter(fault -> fault.version() == number)
        .map(Fault::reason)
        .findFirst();
  }

  private Optional<String> fault(PolicyLink link) {
    if (link.statement().isEmpty()) {
      return Optional.of("nobody has approved it");
    }
    if (link.version() <= base().number()) {
      return Optional.of("it is not later than version " + base().number());
    }
    try {
      PolicyChangeStatement statement = PolicyChangeStatement.parse(link.statement());
      return authority()
          .map(authority -> fault(link, statement, authority))
          .orElse(
              Optional.of("this release cannot tell who may change version " + base().number()));
    } catch (InvalidValueException e) {
      return Optional.of("what was signed for it cannot be read: " + e.getMessage());
    }
  }

  private Optional<String> fault(
      PolicyLink link, PolicyChangeStatement statement, ChangeAuthority authority) {
    if (!statement.isAbout(link.document())) {
      return Optional.of(
          "what was signed is about another document, with the SHA-256 " + statement.document());
    }
    return mismatch(statement, authority)
        .or(
            () ->
                // That it was in time is for whoever activates it.
                switch (ApprovalTally.of(
                        statement, authority.registry(), link.approvals(), statement.asked())
                    .outcome()) {
                  case Outcome.Met _ -> Optional.empty();
                  case Outcome.Waiting waiting ->
                      Optional.of("it is not approved: it needs " + waiting.missing());
                  case Outcome.Rejected(var by) ->
                      Optional.of("it was rejected by " + by.approver());
                  case Outcome.Expired _ -> Optional.of("it has expired");
                });
  }

  /// Whether a statement asks what it has to, of those who may approve now.
  public Optional<String> mismatch(PolicyChangeStatement statement, ChangeAuthority authority) {
    if (!statement.deployment().equals(founders.deployment())) {
      return Optional.of(
          "it was signed for the deployment %s, this is %s"
              .formatted(statement.deployment(), founders.deployment()));
    }
    if (!statement.base().equals(base())) {
      return Optional.of(
          "it was approved as the successor of version %d (%s), the last is %d (%s)"
              .formatted(
                  statement.base().number(),
                  statement.base().hash(),
                  base().number(),
                  base().hash()));
    }
    return authority.mismatch(statement);
  }
}
