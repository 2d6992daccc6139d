package dev.countersign.audit.search;

import dev.countersign.database.SqlRows;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// The statements of searching. Places are those of the tree up to its latest checkpoint.
final class SearchRows {
  /// Nothing in the log is older, or younger.
  private static final OffsetDateTime FIRST =
      OffsetDateTime.of(0, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private static final OffsetDateTime LAST =
      OffsetDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC);

  static final String BY_TERMS =
      """
      SELECT found.leaf_index FROM audit.search_term AS found
      WHERE found.term = :first AND found.leaf_index >= :from AND found.leaf_index < :to
        AND NOT EXISTS (
          SELECT FROM unnest(:others) AS other (term)
          WHERE NOT EXISTS (
            SELECT FROM audit.search_term AS also
            WHERE also.term = other.term AND also.leaf_index = found.leaf_index))
      ORDER BY found.leaf_index LIMIT :limit
      """;

  /// With the block that holds each place: blocks are in the order of places, and the one that
  /// begins last at or before a place is it.
  static final String BY_TERMS_AND_TIME =
      """
      SELECT found.leaf_index FROM audit.search_term AS found
      CROSS JOIN LATERAL (
        SELECT earliest, latest FROM audit.search_block
        WHERE first_leaf <= found.leaf_index ORDER BY first_leaf DESC LIMIT 1) AS block
      WHERE found.term = :first AND found.leaf_index >= :from AND found.leaf_index < :to
        AND block.latest >= :since AND block.earliest < :until
        AND NOT EXISTS (
          SELECT FROM unnest(:others) AS other (term)
          WHERE NOT EXISTS (
            SELECT FROM audit.search_term AS also
            WHERE also.term = other.term AND also.leaf_index = found.leaf_index))
      ORDER BY found.leaf_index LIMIT :limit
      """;

  private SearchRows() {}

  /// What was read of the log.
  record Block(long firstLeaf, long nextLeaf, Instant earliest, Instant latest) {}

  /// An entry can be found by a term.
  record Found(long term, long leafIndex) {}

  /// How many entries the latest checkpoint covers.
  static long treeSize(Handle handle) {
    return handle
        .createQuery("SELECT coalesce(max(tree_size), 0) FROM audit.checkpoint")
        .mapTo(Long.class)
        .one();
  }

  /// Up to which place the terms are known.
  static long indexed(Handle handle) {
    return handle
        .createQuery("SELECT coalesce(max(next_leaf), 0) FROM audit.search_block")
        .mapTo(Long.class)
        .one();
  }

  /// The place of the first entry of each request.
  static Map<UUID, Long> firstPlaces(Handle handle, Collection<UUID> requests) {
    if (requests.isEmpty()) {
      return Map.of();
    }
    return handle
        .createQuery(
            """
            SELECT wanted.request, leaf_index FROM unnest(:requests) AS wanted (request)
            CROSS JOIN LATERAL (
              SELECT leaf_index FROM audit.leaf WHERE request = wanted.request
              ORDER BY leaf_index LIMIT 1) AS earliest
            """)
        .bindArray("requests", UUID.class, List.copyOf(requests))
        .map((row, _) -> Map.entry(row.getObject("request", UUID.class), row.getLong("leaf_index")))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  static List<Long> ofRequest(Handle handle, UUID request, long from, long to, int limit) {
    return handle
        .createQuery(
            """
            SELECT leaf_index FROM audit.leaf
            WHERE request = :request AND leaf_index >= :from AND leaf_index < :to
            ORDER BY leaf_index LIMIT :limit
            """)
        .bind("request", request)
        .bind("from", from)
        .bind("to", to)
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  /// Places below `to` that have all terms of `filter`, and whose block reaches into its time.
  static List<Long> withTerms(Handle handle, EntryFilter filter, long from, long to, int limit) {
    List<Long> terms = filter.terms().stream().map(EntryTerms::hash).toList();
    boolean timed = filter.since().isPresent() || filter.until().isPresent();
    Query query =
        handle
            .createQuery(timed ? BY_TERMS_AND_TIME : BY_TERMS)
            .bind("first", terms.getFirst())
            .bindArray("others", Long.class, terms.subList(1, terms.size()))
            .bind("from", from)
            .bind("to", to)
            .bind("limit", limit);
    return (timed ? bindTimes(query, filter) : query).mapTo(Long.class).list();
  }

  /// The first place from `from` on in a block that reaches into the filter's time.
  static OptionalLong nextInTime(Handle handle, EntryFilter filter, long from) {
    return bindTimes(
            handle.createQuery(
                """
                SELECT greatest(first_leaf, :from) FROM audit.search_block
                WHERE next_leaf > :from AND latest >= :since AND earliest < :until
                ORDER BY next_leaf LIMIT 1
                """),
            filter)
        .bind("from", from)
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  static void insert(Handle handle, Block block, List<Found> terms) {
    SqlRows.of(terms)
        .bigint("term", Found::term)
        .bigint("leaf_index", Found::leafIndex)
        .bindTo(
            handle.createUpdate(
                """
                INSERT INTO audit.search_term (term, leaf_index)
                SELECT term, leaf_index FROM unnest(:term, :leaf_index) AS row (term, leaf_index)
                ORDER BY term, leaf_index
                """))
        .execute();
    handle
        .createUpdate(
            """
            INSERT INTO audit.search_block (first_leaf, next_leaf, earliest, latest)
            VALUES (:first, :next, :earliest, :latest)
            """)
        .bind("first", block.firstLeaf())
        .bind("next", block.nextLeaf())
        .bind("earliest", block.earliest().atOffset(ZoneOffset.UTC))
        .bind("latest", block.latest().atOffset(ZoneOffset.UTC))
        .execute();
  }

  private static Query bindTimes(Query query, EntryFilter filter) {
    return query
        .bind("since", filter.since().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(FIRST))
        .bind("until", filter.until().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(LAST));
  }
}
