package dev.countersign.policy.hold;

import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.Optional;

/// What a request waits for, as it is stored.
///
/// @param conditions what the policy demanded, in one form for each demand
/// @param gasCap the most that gas may cost when it is signed
/// @param askedAt when it began to wait for exactly this
/// @param expiresAt from when on no approval counts; nothing when nobody has to approve
/// @param statement what its approvers sign; nothing when nobody has to approve
/// @param opensAt when its time lock opens; nothing while it waits for approvals
public record StoredHold(
    SigningRequestId request,
    long policyVersion,
    String conditions,
    Wei gasCap,
    Instant askedAt,
    Optional<Instant> expiresAt,
    Optional<ApprovalStatement> statement,
    Optional<Instant> opensAt) {

  /// What is sealed. No line feed is in any of it.
  String sealed() {
    return String.join(
        "\n",
        request.toString(),
        Long.toString(policyVersion),
        conditions,
        gasCap.toString(),
        askedAt.toString(),
        expiresAt.map(Instant::toString).orElse("-"),
        statement.map(asked -> asked.digest().hex()).orElse("-"),
        opensAt.map(Instant::toString).orElse("-"));
  }

  StoredHold asking(Optional<ApprovalStatement> asked) {
    return new StoredHold(
        request, policyVersion, conditions, gasCap, askedAt, expiresAt, asked, opensAt);
  }

  StoredHold opening(Instant at) {
    return new StoredHold(
        request, policyVersion, conditions, gasCap, askedAt, expiresAt, statement, Optional.of(at));
  }

  /// Whether it waits, or waited, for exactly this.
  public boolean isFor(long version, String demanded) {
    return policyVersion == version && conditions.equals(demanded);
  }
}
