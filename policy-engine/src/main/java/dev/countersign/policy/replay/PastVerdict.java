package dev.countersign.policy.replay;

import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What is stored of how a request was judged.
///
/// @param rule that decided; empty while nothing is decided
/// @param conditions what it waited for, or waits for; empty when it never waited
/// @param decidedAt when it was allowed or denied at last
/// @param returnedAt when its reservations were given back
record PastVerdict(
    SigningRequestId request,
    Optional<String> state,
    String rule,
    String conditions,
    Optional<Instant> askedAt,
    Optional<Instant> decidedAt,
    Optional<Instant> returnedAt) {
  private static final String FIND =
      """
      SELECT asked.request, decision.state, decision.rule, decision.decided_at, decision.settled_at,
        hold.conditions, hold.asked_at
      FROM unnest(:request) AS asked (request)
      LEFT JOIN policy.decision ON decision.request = asked.request
      LEFT JOIN policy.hold ON hold.request = asked.request
      WHERE decision.request IS NOT NULL OR hold.request IS NOT NULL
      """;

  /// @return those of which anything is stored
  static Map<SigningRequestId, PastVerdict> find(
      Handle handle, Collection<SigningRequestId> requests) {
    Map<SigningRequestId, PastVerdict> found = new HashMap<>();
    SqlRows.of(requests)
        .uuid("request", SigningRequestId::value)
        .bindTo(handle.createQuery(FIND))
        .map((row, context) -> read(row))
        .forEach(verdict -> found.put(verdict.request(), verdict));
    return found;
  }

  private static PastVerdict read(ResultSet row) throws SQLException {
    Optional<String> state = Optional.ofNullable(row.getString("state"));
    return new PastVerdict(
        new SigningRequestId(row.getObject("request", UUID.class)),
        state,
        orEmpty(row.getString("rule")),
        orEmpty(row.getString("conditions")),
        time(row, "asked_at"),
        time(row, "decided_at"),
        state.filter("RELEASED"::equals).isPresent() ? time(row, "settled_at") : Optional.empty());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  /// What was said first: what waited did so before anything was decided.
  ReplayAnswer answer() {
    if (askedAt.isPresent()) {
      return ReplayAnswer.HELD;
    }
    return state.filter("DENIED"::equals).isPresent() ? ReplayAnswer.DENIED : ReplayAnswer.ALLOWED;
  }

  /// When it was judged first. What waits again under another policy asks anew, so of such a
  /// request it is when it was asked last.
  Instant at() {
    return askedAt.or(this::decidedAt).orElseThrow();
  }

  /// When it was admitted, if it ever was.
  Optional<Instant> admittedAt() {
    return state.filter("DENIED"::equals).isPresent() ? Optional.empty() : decidedAt;
  }

  /// The rule that decided, or what it waited for.
  String ruleText() {
    return conditions.isEmpty() ? rule : conditions;
  }
}
