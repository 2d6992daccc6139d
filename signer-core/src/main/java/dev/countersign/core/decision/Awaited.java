package dev.countersign.core.decision;

import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.Quorum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What has to be there before something that is allowed would be signed.
///
/// @param demands what each rule that matches demands, in the policy's order
/// @param quorum who has to approve, by all of them together; nothing when nobody has to
/// @param lifetime how long they may take; zero when nobody has to
/// @param delay how long it waits after that; zero when it does not
/// @param excluded who is the client that asks, and cannot approve it
public record Awaited(
    List<Demanded> demands,
    Optional<Quorum> quorum,
    Duration lifetime,
    Duration delay,
    Set<ApproverName> excluded) {
  public Awaited {
    demands = List.copyOf(demands);
    excluded = Set.copyOf(excluded);
  }

  /// What one rule demands.
  ///
  /// @param quorum who has to approve; nothing of a rule that delays
  /// @param lifetime how long they may take; zero of a rule that delays
  /// @param delay how long it waits; zero of a rule that requires
  public record Demanded(String rule, Optional<Quorum> quorum, Duration lifetime, Duration delay) {}

  /// Whether it could be met at all, without those who may not.
  public boolean isPossible() {
    return quorum.map(asked -> asked.isStillPossible(excluded)).orElse(true);
  }

  /// In one line, for people: `waits for approval within PT24H: 2 of treasury (bob, carol); then
  /// for PT2H`.
  public String words() {
    List<String> parts = new ArrayList<>();
    quorum.ifPresent(
        asked ->
            parts.add(
                "waits for approval within %s: %s"
                    .formatted(lifetime, asked.missing(Set.of(), excluded))));
    if (delay.isPositive()) {
      parts.add((parts.isEmpty() ? "waits for " : "then for ") + delay);
    }
    return String.join("; ", parts);
  }
}
