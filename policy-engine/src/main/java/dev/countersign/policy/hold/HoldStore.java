package dev.countersign.policy.hold;

import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.decision.HoldSeals;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.PolicyEngine.Due;
import dev.countersign.core.port.PolicyEngine.HoldEnd;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds in PostgreSQL. One whose seal is not genuine counts as none: its request begins to wait
/// anew.
public final class HoldStore {
  private static final Logger LOG = LoggerFactory.getLogger(HoldStore.class);

  private static final String FIND =
      """
      SELECT request, policy_version, conditions, gas_cap, asked_at, expires_at, statement,
        opens_at, seal
      FROM policy.hold WHERE request = ANY (:request) AND (NOT ended OR :ended)
      """;

  private static final String SAVE =
      """
      INSERT INTO policy.hold
        (request, policy_version, conditions, gas_cap, asked_at, expires_at, statement, opens_at,
         seal)
      SELECT request, policy_version, conditions, gas_cap, asked_at, expires_at, statement, opens_at,
        seal
      FROM unnest(:request, :policy_version, :conditions, :gas_cap, :asked_at, :expires_at,
          :statement, :opens_at, :seal)
        AS held (request, policy_version, conditions, gas_cap, asked_at, expires_at, statement,
          opens_at, seal)
      ON CONFLICT (request) DO UPDATE SET
        policy_version = excluded.policy_version, conditions = excluded.conditions,
        gas_cap = excluded.gas_cap, asked_at = excluded.asked_at,
        expires_at = excluded.expires_at, statement = excluded.statement,
        opens_at = excluded.opens_at, seal = excluded.seal,
        decided = NULL, leased_until = NULL
      """;

  private static final String END =
      "UPDATE policy.hold SET ended = true WHERE request = ANY (:request) AND NOT ended";

  /// What waits under another policy than the active one is judged again by that.
  private static final String CLAIM =
      """
      WITH due AS (
        SELECT request FROM policy.hold
        WHERE NOT ended
          AND (opens_at <= clock_timestamp()
               OR (opens_at IS NULL AND (decided IS NOT NULL OR expires_at <= clock_timestamp()))
               OR policy_version <> (SELECT version FROM policy.active_version))
          AND (leased_until IS NULL OR leased_until <= clock_timestamp())
        ORDER BY coalesce(leased_until, opens_at, asked_at)
        LIMIT :limit
        FOR NO KEY UPDATE SKIP LOCKED
      )
      UPDATE policy.hold held
      SET leased_until = clock_timestamp() + make_interval(secs => :lease)
      FROM due WHERE held.request = due.request
      RETURNING held.request,
        CASE WHEN held.opens_at IS NOT NULL THEN NULL
             WHEN held.decided = 'REJECTED' THEN 'REJECTED'
             WHEN held.expires_at <= clock_timestamp() THEN 'EXPIRED' END AS ended_by,
        held.expires_at,
        (SELECT approver FROM policy.approval said
         WHERE said.request = held.request AND said.decision = 'REJECT' ORDER BY at LIMIT 1)
          AS rejected_by
      """;

  private static final String WAITING =
      """
      SELECT request FROM policy.hold
      WHERE NOT ended AND statement IS NOT NULL AND opens_at IS NULL
      ORDER BY asked_at, request
      LIMIT :limit
      """;

  private static final String DECIDED =
      """
      UPDATE policy.hold SET decided = :decided, leased_until = NULL
      WHERE request = :request AND NOT ended
      """;

  private static final String NOW = "SELECT date_trunc('second', clock_timestamp()) AS now";

  private final HoldSeals seals;

  public HoldStore(HoldSeals seals) {
    this.seals = seals;
  }

  /// The holds that have not ended of `requests`.
  public Map<SigningRequestId, StoredHold> find(
      Handle handle, Collection<SigningRequestId> requests) {
    return find(handle, requests, false);
  }

  /// What `request` waits for, or has waited for.
  public Optional<StoredHold> findEver(Handle handle, SigningRequestId request) {
    return Optional.ofNullable(find(handle, List.of(request), true).get(request));
  }

  /// What approvers are asked about, or were, of those of `requests` that wait or waited for any.
  public Map<SigningRequestId, ApprovalStatement> statements(
      Handle handle, Collection<SigningRequestId> requests) {
    Map<SigningRequestId, ApprovalStatement> statements = new HashMap<>();
    find(handle, requests, true)
        .forEach((id, hold) -> hold.statement().ifPresent(asked -> statements.put(id, asked)));
    return statements;
  }

  private Map<SigningRequestId, StoredHold> find(
      Handle handle, Collection<SigningRequestId> requests, boolean ended) {
    Map<SigningRequestId, StoredHold> found = new HashMap<>();
    ids(requests)
        .bindTo(handle.createQuery(FIND))
        .bind("ended", ended)
        .map((row, context) -> new Row(read(row), Bytes.of(row.getBytes("seal"))))
        .forEach(
            row -> {
              if (seals.isGenuine(row.hold().sealed(), row.seal())) {
                found.put(row.hold().request(), row.hold());
              } else {
                LOG.error(
                    "ALARM: what request {} waits for is not sealed by the permit key: somebody"
                        + " else wrote it, or this instance has another key; it waits anew",
                    row.hold().request());
              }
            });
    return found;
  }

  /// Those that wait for approvers now, the oldest first.
  List<SigningRequestId> waitingForApprovers(Handle handle, int limit) {
    return handle
        .createQuery(WAITING)
        .bind("limit", limit)
        .mapTo(UUID.class)
        .map(SigningRequestId::new)
        .list();
  }

  public void save(Handle handle, List<StoredHold> holds) {
    if (holds.isEmpty()) {
      return;
    }
    SqlRows.of(holds)
        .uuid("request", hold -> hold.request().value())
        .bigint("policy_version", StoredHold::policyVersion)
        .text("conditions", StoredHold::conditions)
        .numeric("gas_cap", hold -> hold.gasCap().value())
        .timestamptz("asked_at", StoredHold::askedAt)
        .timestamptz("expires_at", hold -> hold.expiresAt().orElse(null))
        .bytea("statement", hold -> hold.statement().map(ApprovalStatement::bytes).orElse(null))
        .timestamptz("opens_at", hold -> hold.opensAt().orElse(null))
        .bytea("seal", hold -> seals.seal(hold.sealed()))
        .bindTo(handle.createUpdate(SAVE))
        .execute();
  }

  public void end(Handle handle, Collection<SigningRequestId> requests) {
    if (!requests.isEmpty()) {
      ids(requests).bindTo(handle.createUpdate(END)).execute();
    }
  }

  /// See [dev.countersign.core.port.PolicyEngine#claimDue].
  public List<Due> claimDue(Handle handle, Duration lease, int limit) {
    return handle
        .createQuery(CLAIM)
        .bind("lease", lease.toMillis() / 1_000.0)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Due(new SigningRequestId(row.getObject("request", UUID.class)), end(row)))
        .list();
  }

  private static Optional<HoldEnd> end(ResultSet row) throws SQLException {
    return switch (row.getString("ended_by")) {
      case "REJECTED" ->
          Optional.of(new HoldEnd.Rejected("rejected by " + row.getString("rejected_by")));
      case "EXPIRED" ->
          Optional.of(
              new HoldEnd.Expired("its approvers had time until " + instant(row, "expires_at")));
      case null, default -> Optional.empty();
    };
  }

  /// Notes that its approvers have come to something, so that somebody goes on with it.
  public void decided(Handle handle, SigningRequestId request, boolean isMet) {
    handle
        .createUpdate(DECIDED)
        .bind("request", request.value())
        .bind("decided", isMet ? "MET" : "REJECTED")
        .execute();
  }

  /// The database's clock in whole seconds, which is what statements are dated in.
  public static Instant now(Handle handle) {
    return handle.createQuery(NOW).map((row, context) -> instant(row, "now")).one();
  }

  private record Row(StoredHold hold, Bytes seal) {}

  private static StoredHold read(ResultSet row) throws SQLException {
    return new StoredHold(
        new SigningRequestId(row.getObject("request", UUID.class)),
        row.getLong("policy_version"),
        row.getString("conditions"),
        new Wei(row.getBigDecimal("gas_cap").toBigIntegerExact()),
        instant(row, "asked_at"),
        maybe(row, "expires_at"),
        Optional.ofNullable(row.getBytes("statement"))
            .map(bytes -> ApprovalStatement.parse(Bytes.of(bytes))),
        maybe(row, "opens_at"));
  }

  private static Optional<Instant> maybe(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static SqlRows<SigningRequestId> ids(Collection<SigningRequestId> requests) {
    return SqlRows.of(requests).uuid("request", SigningRequestId::value);
  }
}
