package dev.countersign.policy.freeze;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.ThawSeals;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.freeze.ThawStatement;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.ThawAuthority;
import dev.countersign.core.port.Transaction;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Freezes, and lifts freezes. Its transactions wait for those that admit or settle at this moment
/// and make those to come wait, so they are to be short.
public final class FreezeStore {
  /// How long from now a statement of a thaw may be good at most.
  public static final Duration LONGEST_STATEMENT = Duration.ofDays(7);

  private static final String HOLD = "SELECT freezes, thaws FROM policy.hold_freezing()";

  private final AuditTrail audit;
  private final ThawAuthority authority;
  private final FreezeRows rows;

  public FreezeStore(AuditTrail audit, ThawSeals seals, ThawAuthority authority) {
    this.audit = audit;
    this.authority = authority;
    this.rows = new FreezeRows(seals);
  }

  /// What came of a freeze. Either way the scope is frozen when the transaction is committed.
  ///
  /// @param isNew whether it was not frozen already
  public record Frozen(Freeze freeze, boolean isNew) {}

  /// What came of a thaw.
  public sealed interface Thawing {
    /// Whatever was admitted before the freeze, and is not signed, goes on once the transaction is
    /// committed; unless another freeze covers it.
    record Thawed(Freeze freeze, List<String> approvers) implements Thawing {
      public Thawed {
        approvers = List.copyOf(approvers);
      }
    }

    /// It was lifted before.
    record AlreadyThawed(Freeze freeze) implements Thawing {}

    /// There never was such a freeze.
    record Unknown() implements Thawing {}

    /// Nothing was changed.
    ///
    /// @param reason what is wrong, and what is missing
    record Refused(String reason) implements Thawing {}
  }

  /// Freezes a scope, unless exactly this one is frozen already: then that freeze stands as it is.
  /// Once the transaction is committed nothing of the scope is admitted by any instance, and no
  /// signature of it becomes durable.
  public Frozen freeze(
      Transaction transaction, FreezeScope scope, FreezeReason reason, Actor by, Instant at) {
    Handle handle = hold(transaction);
    Optional<Freeze> already = rows.frozen(handle, FrozenScopes.NONE).of(scope);
    if (already.isPresent()) {
      return new Frozen(already.get(), false);
    }
    Freeze freeze =
        new Freeze(new FreezeId(UUID.randomUUID()), scope, reason, by.name(), micros(at));
    rows.insert(handle, freeze);
    audit.append(
        transaction,
        List.of(AuditRecord.of(at, by, new AuditEvent.ScopeFrozen(freeze.id(), scope, reason))));
    return new Frozen(freeze, true);
  }

  /// Lifts a freeze when the authority grants it.
  ///
  /// @param expires of the statement that was signed
  /// @param evidence signed approvals of the statement, see [ThawAuthority]
  public Thawing thaw(
      Transaction transaction,
      FreezeId id,
      Instant expires,
      List<Bytes> evidence,
      Actor by,
      Instant at) {
    Handle handle = hold(transaction);
    Optional<FreezeRows.Stored> found = rows.find(handle, id);
    if (found.isEmpty()) {
      return new Thawing.Unknown();
    }
    Freeze freeze = found.get().freeze();
    if (found.get().isThawed()) {
      return new Thawing.AlreadyThawed(freeze);
    }
    if (!expires.isAfter(at) || expires.isAfter(at.plus(LONGEST_STATEMENT))) {
      return new Thawing.Refused(
          "the statement expires at %s, expected a time from now, %s, up to %s from now"
              .formatted(expires, at, LONGEST_STATEMENT));
    }
    ThawStatement statement = new ThawStatement(freeze, expires);
    return switch (authority.verify(transaction, statement, evidence)) {
      case ThawAuthority.Answer.Refused(String reason) -> new Thawing.Refused(reason);
      case ThawAuthority.Answer.Granted(List<String> approvers) -> {
        rows.thaw(handle, freeze, expires, evidence, at);
        audit.append(
            transaction,
            List.of(
                AuditRecord.of(
                    at,
                    by,
                    new AuditEvent.ScopeThawed(
                        id, freeze.scope(), approvers, sha256(statement.canonical())))));
        yield new Thawing.Thawed(freeze, approvers);
      }
    };
  }

  /// Waits for the transactions that admit or settle, and makes those to come wait until this one
  /// ends; [#freeze] and [#thaw] do it by themselves.
  public void holdAdmissions(Transaction transaction) {
    hold(transaction);
  }

  private static Handle hold(Transaction transaction) {
    Handle handle = transaction.unwrap(Handle.class);
    handle.createQuery(HOLD).map((row, context) -> FreezeMark.of(row)).one();
    return handle;
  }

  /// PostgreSQL keeps no more, and approvers sign it.
  private static Instant micros(Instant at) {
    return at.truncatedTo(ChronoUnit.MICROS);
  }

  private static Digest32 sha256(Bytes bytes) {
    try {
      return Digest32.of(MessageDigest.getInstance("SHA-256").digest(bytes.toArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
