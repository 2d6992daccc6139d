package dev.countersign.nonce.model;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.UnitOfWork;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// What the database says after every single step: a state that any instance may find, and that has
/// to make sense.
final class Invariants {
  private static final Set<String> OPEN = Set.of("SIGNED", "BROADCAST");

  /// What a request may be while its nonce is in a state.
  private static final Map<String, Set<String>> REQUESTS =
      Map.of(
          "OWNED", Set.of("ADMITTED"),
          "SIGNED", Set.of("SIGNED"),
          "BROADCAST", Set.of("BROADCAST"),
          "MINED", Set.of("BROADCAST"),
          "CONFIRMED", Set.of("CONFIRMED", "CANCELLED"),
          "FOREIGN", Set.of("REPLACED"));

  private static final Set<String> ENDS = Set.of("CONFIRMED", "CANCELLED");

  private final UnitOfWork database;
  private final ChainId chain;
  private final Map<Place, Nonce> before = new HashMap<>();
  private final Set<Place> reopened = new HashSet<>();

  private record Place(String address, long nonce) {}

  private record LaneRow(String address, long next, List<Long> free, long resumedAt) {}

  /// @param payload the one that is sent
  /// @param newest the last one that is signed
  /// @param signed how many of its replacements are
  private record Nonce(
      Place place,
      String request,
      String state,
      String requestState,
      boolean reopened,
      int payload,
      int newest,
      int signed) {

    /// Whether something may be signed in its place.
    boolean isReplaceable() {
      return OPEN.contains(state) && !reopened;
    }
  }

  Invariants(UnitOfWork database, ChainId chain) {
    this.database = database;
    this.chain = chain;
  }

  /// How many nonces have ended and were opened again.
  long reopened() {
    return reopened.size();
  }

  /// Holds what the database says now against what it may say after what it said last.
  void hold() {
    database.run(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          List<Nonce> nonces = nonces(handle);
          nonces.forEach(this::isSound);
          Map<String, Set<Long>> owned =
              nonces.stream()
                  .map(Nonce::place)
                  .collect(
                      Collectors.groupingBy(
                          Place::address, Collectors.mapping(Place::nonce, Collectors.toSet())));
          lanes(handle)
              .forEach(lane -> isWhole(lane, owned.getOrDefault(lane.address(), Set.of())));
        });
  }

  private void isSound(Nonce nonce) {
    check(
        (nonce.reopened() ? ENDS : REQUESTS.getOrDefault(nonce.state(), Set.of()))
            .contains(nonce.requestState()),
        "its request and its nonce do not fit: " + nonce);
    check(
        nonce.payload() == nonce.newest() || nonce.reopened(),
        "another payload is sent than the newest: " + nonce);
    Nonce then = before.put(nonce.place(), nonce);
    if (nonce.reopened()) {
      reopened.add(nonce.place());
    }
    if (then == null || !then.request().equals(nonce.request())) {
      check(
          then == null || then.state().equals("OWNED"),
          "%s was signed and has another owner: %s".formatted(then, nonce));
      return;
    }
    check(
        then.isReplaceable() || nonce.isReplaceable() || nonce.signed() == then.signed(),
        "a replacement was signed that could not be used: %s, %s".formatted(then, nonce));
    check(
        !then.reopened() || nonce.payload() == then.payload(),
        "what was mined finally is not what is sent again: %s, %s".formatted(then, nonce));
  }

  /// Each nonce that was given out is owned or free, and never both; and none is free that was used
  /// when the lane was resumed.
  private static void isWhole(LaneRow lane, Set<Long> owned) {
    Set<Long> all = new HashSet<>(owned);
    lane.free()
        .forEach(
            nonce ->
                check(all.add(nonce), "nonce %d is owned and free: %s".formatted(nonce, lane)));
    check(
        all.stream().allMatch(nonce -> nonce < lane.next()),
        "nonces %s are beyond %s".formatted(owned, lane));
    check(
        lane.free().stream().allMatch(nonce -> nonce >= lane.resumedAt()),
        "a used nonce is given out again: " + lane);
    long first =
        Math.max(lane.resumedAt(), all.stream().min(Long::compareTo).orElseGet(lane::next));
    for (long nonce = first; nonce < lane.next(); nonce++) {
      check(all.contains(nonce), "nonce %d is nobody's: %s".formatted(nonce, lane));
    }
  }

  private List<LaneRow> lanes(Handle handle) {
    return handle
        .createQuery(
            "SELECT address, next_nonce, free, resumed_at FROM nonce.lane WHERE chain = :chain")
        .bind("chain", chain.caip2())
        .map(
            (row, context) ->
                new LaneRow(
                    row.getString("address"),
                    row.getLong("next_nonce"),
                    Arrays.asList((Long[]) row.getArray("free").getArray()),
                    row.getLong("resumed_at")))
        .list();
  }

  private List<Nonce> nonces(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT t.address, t.nonce, t.request_id, t.state, t.newest,
              t.reopened_at IS NOT NULL AS reopened, q.state AS request_state,
              coalesce(max(r.ordinal), 0) AS signed_ordinal, count(r.ordinal) AS signed
            FROM nonce.transaction t LEFT JOIN test_request q ON q.id = t.request_id
            LEFT JOIN nonce.replacement r
              ON (r.chain, r.address, r.nonce) = (t.chain, t.address, t.nonce)
                AND r.signed IS NOT NULL
            WHERE t.chain = :chain
            GROUP BY t.chain, t.address, t.nonce, q.state
            """)
        .bind("chain", chain.caip2())
        .map((row, context) -> nonce(row))
        .list();
  }

  private static Nonce nonce(ResultSet row) throws SQLException {
    return new Nonce(
        new Place(row.getString("address"), row.getLong("nonce")),
        row.getString("request_id"),
        row.getString("state"),
        String.valueOf(row.getString("request_state")),
        row.getBoolean("reopened"),
        row.getInt("newest"),
        row.getInt("signed_ordinal"),
        row.getInt("signed"));
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
