package dev.countersign.policy.limit;

import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import dev.countersign.policy.limit.ScopeBook.Change;
import dev.countersign.policy.limit.ScopeBook.Entry;
import dev.countersign.policy.limit.ScopeBook.Reservation;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Counters of limits in PostgreSQL. A limit holds whatever instances do at the same time:
///
/// - Every transaction that decides locks the rows of all scopes it may charge, in the order of
///   their keys, before it reads them, and until it ends. So of two that share a scope the second
///   reads what the first has written.
/// - A row's `spent` is the sum of the reservations younger than its `horizon`. Whoever holds the
///   lock moves the horizon to where the window begins now, and takes off what it passed: each
///   reservation is read twice in its life, however many a window holds. The horizon can move back
///   (a longer window, a clock set back), and adds what it passes then.
/// - A reservation counts from its time on, exactly as long as the window, also when it lies in the
///   future of a clock that was set back: then it counts longer, never shorter.
/// - The horizon of a lifetime is the beginning of time, so nothing ever leaves its sum, and the
/// sum is in the scope's own row: a total would outlast the reservations it is made of.
public final class LimitLedger {
  private static final String CREATE_MISSING =
      """
      INSERT INTO policy.scope (key)
      SELECT asked.key FROM unnest(:key) AS asked (key)
      WHERE NOT EXISTS (SELECT FROM policy.scope known WHERE known.key = asked.key)
      ORDER BY asked.key COLLATE "C"
      ON CONFLICT DO NOTHING
      """;

  private static final String LOCK =
      "SELECT id FROM policy.scope WHERE key = ANY (:key) ORDER BY key FOR UPDATE";

  /// A statement of its own after the lock, so that it sees what the lock was waited for.
  private static final String READ =
      """
      WITH clock AS MATERIALIZED (
        SELECT coalesce(CAST(:now AS timestamptz), clock_timestamp()) AS now
      ), asked AS (
        SELECT window_.key, clock.now,
          coalesce(clock.now - window_.seconds * interval '1 second', '-infinity') AS horizon
        FROM unnest(:key, :seconds) AS window_ (key, seconds) CROSS JOIN clock
      )
      SELECT asked.key, asked.now, asked.horizon, scope.id, scope.spent AS stored,
        scope.spent
        - (SELECT coalesce(sum(expired.amount), 0) FROM policy.reservation expired
           WHERE expired.scope = scope.id AND NOT expired.released
             AND expired.at > scope.horizon AND expired.at <= asked.horizon)
        + (SELECT coalesce(sum(revived.amount), 0) FROM policy.reservation revived
           WHERE revived.scope = scope.id AND NOT revived.released
             AND revived.at > asked.horizon AND revived.at <= scope.horizon) AS spent
      FROM asked LEFT JOIN policy.scope scope ON scope.key = asked.key
      """;

  private static final String RESERVE =
      """
      INSERT INTO policy.reservation (request, replacement, scope, at, amount)
      SELECT request, replacement, scope, at, amount
      FROM unnest(:request, :replacement, :scope, :at, :amount)
        AS reserved (request, replacement, scope, at, amount)
      """;

  /// The old sum is compared, so that a missing lock is an error and never a wrong sum.
  private static final String STORE =
      """
      UPDATE policy.scope
      SET spent = changed.spent, horizon = coalesce(changed.horizon, '-infinity')
      FROM unnest(:id, :stored, :spent, :horizon) AS changed (id, stored, spent, horizon)
      WHERE scope.id = changed.id AND scope.spent = changed.stored
      """;

  private static final String LOCK_RESERVED =
      """
      SELECT id FROM policy.scope
      WHERE id IN (SELECT scope FROM policy.reservation
                   WHERE request = ANY (:request) AND NOT released
                     AND (CAST(:replacement AS integer) IS NULL OR replacement = CAST(:replacement AS integer)))
      ORDER BY key FOR UPDATE
      """;

  /// What is older than the horizon left the sum already.
  private static final String RELEASE =
      """
      WITH freed AS (
        UPDATE policy.reservation SET released = true
        WHERE request = ANY (:request) AND NOT released
          AND (CAST(:replacement AS integer) IS NULL OR replacement = CAST(:replacement AS integer))
        RETURNING scope, at, amount
      ), sums AS (
        SELECT freed.scope, sum(freed.amount) AS amount
        FROM freed JOIN policy.scope held ON held.id = freed.scope
        WHERE freed.at > held.horizon
        GROUP BY freed.scope
      )
      UPDATE policy.scope SET spent = scope.spent - sums.amount
      FROM sums WHERE scope.id = sums.scope
      """;

  private static final String OWN =
      """
      SELECT scope.key, reservation.at, reservation.amount
      FROM policy.reservation JOIN policy.scope ON scope.id = reservation.scope
      WHERE reservation.request = :request AND NOT reservation.released
      """;

  private final LimitClock clock;

  public LimitLedger(LimitClock clock) {
    this.clock = clock;
  }

  /// Locks the scopes until the transaction ends, and reads them.
  ///
  /// @param windows the scopes with their windows
  public ScopeBook lock(Handle handle, SortedMap<ScopeKey, LimitWindow> windows) {
    if (windows.isEmpty()) {
      return new ScopeBook(Instant.EPOCH, Map.of());
    }
    keys(windows.keySet()).bindTo(handle.createUpdate(CREATE_MISSING)).execute();
    keys(windows.keySet()).bindTo(handle.createQuery(LOCK)).mapTo(Long.class).list();
    return read(handle, windows);
  }

  /// Reads the scopes as they are, without a lock: for forecasts.
  public ScopeBook peek(Handle handle, SortedMap<ScopeKey, LimitWindow> windows) {
    return windows.isEmpty() ? new ScopeBook(Instant.EPOCH, Map.of()) : read(handle, windows);
  }

  /// Writes what was charged to a book that [#lock] gave, in this transaction.
  public void save(Handle handle, ScopeBook book) {
    List<Reservation> reservations = book.reservations();
    if (!reservations.isEmpty()) {
      SqlRows.of(reservations)
          .uuid("request", reservation -> reservation.request().value())
          .bigint("replacement", reservation -> (long) reservation.replacement())
          .bigint("scope", Reservation::scope)
          .timestamptz("at", Reservation::at)
          .numeric("amount", Reservation::amount)
          .bindTo(handle.createUpdate(RESERVE))
          .execute();
    }
    List<Change> changes = book.changes();
    if (!changes.isEmpty()) {
      int stored =
          SqlRows.of(changes)
              .bigint("id", Change::id)
              .numeric("stored", Change::stored)
              .numeric("spent", Change::spent)
              .timestamptz("horizon", change -> change.horizon().orElse(null))
              .bindTo(handle.createUpdate(STORE))
              .execute();
      if (stored != changes.size()) {
        throw new IllegalStateException(
            "%d of %d scopes changed under their lock"
                .formatted(changes.size() - stored, changes.size()));
      }
    }
  }

  /// Frees what these requests reserved and did not free yet.
  public void release(Handle handle, Collection<SigningRequestId> requests) {
    release(handle, requests, null);
  }

  /// Frees what a replacement reserved beyond its request.
  public void release(Handle handle, ReplacementId id) {
    release(handle, List.of(id.request()), id.ordinal());
  }

  private static void release(
      Handle handle, Collection<SigningRequestId> requests, @Nullable Integer replacement) {
    requests(requests)
        .bindTo(handle.createQuery(LOCK_RESERVED))
        .bindByType("replacement", replacement, Integer.class)
        .mapTo(Long.class)
        .list();
    requests(requests)
        .bindTo(handle.createUpdate(RELEASE))
        .bindByType("replacement", replacement, Integer.class)
        .execute();
  }

  /// What a request and its replacements were charged and hold, in a book that [#lock] gave.
  public OwnCharges own(Handle handle, SigningRequestId request, ScopeBook book) {
    return new OwnCharges(
        book,
        handle
            .createQuery(OWN)
            .bind("request", request.value())
            .map(
                (row, context) ->
                    new OwnCharges.Held(
                        new ScopeKey(row.getString("key")), instant(row, "at"), sum(row, "amount")))
            .list());
  }

  private ScopeBook read(Handle handle, SortedMap<ScopeKey, LimitWindow> windows) {
    Instant[] now = {Instant.EPOCH};
    Map<ScopeKey, Entry> entries = new LinkedHashMap<>();
    SqlRows.of(windows.entrySet())
        .text("key", window -> window.getKey().text())
        .bigint("seconds", window -> seconds(window.getValue()))
        .bindTo(handle.createQuery(READ))
        .bind("now", clock.now().map(Instant::toString).orElse(null))
        .map(
            (row, context) -> {
              now[0] = instant(row, "now");
              return entry(row);
            })
        .forEach(entry -> entries.put(entry.key(), entry));
    return new ScopeBook(now[0], entries);
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        new ScopeKey(row.getString("key")),
        row.getLong("id"),
        sum(row, "stored"),
        sum(row, "spent"),
        horizon(row));
  }

  /// Nothing for a window without a beginning.
  private static @Nullable Long seconds(LimitWindow window) {
    return switch (window) {
      case LimitWindow.Sliding(Duration length) -> length.toSeconds();
      case LimitWindow.Lifetime _ -> null;
    };
  }

  /// The driver's earliest time stands for `-infinity`.
  private static Optional<Instant> horizon(ResultSet row) throws SQLException {
    OffsetDateTime horizon = row.getObject("horizon", OffsetDateTime.class);
    return horizon.equals(OffsetDateTime.MIN) ? Optional.empty() : Optional.of(horizon.toInstant());
  }

  /// Of a scope that has no row yet, zero.
  private static BigInteger sum(ResultSet row, String column) throws SQLException {
    BigDecimal sum = row.getBigDecimal(column);
    return sum == null ? BigInteger.ZERO : sum.toBigIntegerExact();
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static SqlRows<ScopeKey> keys(Collection<ScopeKey> keys) {
    return SqlRows.of(keys).text("key", ScopeKey::text);
  }

  private static SqlRows<SigningRequestId> requests(Collection<SigningRequestId> requests) {
    return SqlRows.of(requests).uuid("request", SigningRequestId::value);
  }
}
