package dev.countersign.policy.succession;

import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.approval.ApproverRegistryReader;
import dev.countersign.policy.approval.ChangeTerms;
import dev.countersign.policy.approval.ChangesReader;
import dev.countersign.policy.approval.PolicyApprovers;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlReader;
import java.time.Duration;
import java.util.Optional;

/// Who may put another policy in the place of one.
///
/// @param registry whose keys count
public record ChangeAuthority(ApproverRegistry registry, ChangeTerms terms) {

  /// What a document says. Only that part of it is read: a release that judges more strictly than
  /// the one that activated the document still knows who was to follow it.
  ///
  /// @return the founders' when it says nothing; nothing when it cannot be told
  public static Optional<ChangeAuthority> of(Bytes document, Founders founders) {
    Problems problems = new Problems();
    return YamlReader.read(document.toArray(), problems)
        .flatMap(root -> Fields.of(root, "", problems))
        .flatMap(fields -> read(fields, founders, problems))
        .filter(authority -> problems.isEmpty());
  }

  /// What a document says itself.
  ///
  /// @return nothing when it says nothing, or it cannot be told
  public static Optional<ChangeAuthority> stated(Bytes document) {
    Problems problems = new Problems();
    return YamlReader.read(document.toArray(), problems)
        .flatMap(root -> Fields.of(root, "", problems))
        .flatMap(fields -> stated(fields, problems))
        .filter(authority -> problems.isEmpty());
  }

  private static Optional<ChangeAuthority> stated(Fields root, Problems problems) {
    PolicyApprovers approvers = ApproverRegistryReader.read(root, problems);
    return ChangesReader.read(root, approvers, problems)
        .map(terms -> new ChangeAuthority(approvers.registry(), terms));
  }

  private static Optional<ChangeAuthority> read(Fields root, Founders founders, Problems problems) {
    if (root.find(ChangesReader.KEY).isEmpty()) {
      return Optional.of(founders.authority());
    }
    return stated(root, problems);
  }

  /// Whether a statement asks for what it has to: this quorum, this delay, no longer than this.
  ///
  /// @return what it asks instead
  public Optional<String> mismatch(PolicyChangeStatement statement) {
    if (!statement.quorum().equals(terms.quorum())) {
      return Optional.of(
          "it asks %s, expected %s".formatted(statement.quorum().text(), terms.quorum().text()));
    }
    if (!statement.delay().equals(terms.delay())) {
      return Optional.of("it waits %s, expected %s".formatted(statement.delay(), terms.delay()));
    }
    Duration lifetime = Duration.between(statement.asked(), statement.expires());
    return lifetime.compareTo(terms.lifetime()) > 0
        ? Optional.of(
            "its approvers had %s, at most %s are theirs".formatted(lifetime, terms.lifetime()))
        : Optional.empty();
  }
}
