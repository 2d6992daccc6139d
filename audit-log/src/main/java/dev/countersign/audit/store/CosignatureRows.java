package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables of the witnesses: cosignatures, and who fetches them.
final class CosignatureRows {
  /// From the newest size back, by the index.
  static final String PAGE =
      """
      SELECT tree_size, array_agg(witness) AS witnesses FROM audit.cosignature
      WHERE tree_size <= :most AND witness = ANY (:witnesses)
      GROUP BY tree_size ORDER BY tree_size DESC LIMIT :limit
      """;

  static final String LATEST_SIZE =
      """
      SELECT tree_size FROM audit.cosignature WHERE witness = :witness
      ORDER BY tree_size DESC LIMIT 1
      """;

  private static final int FIRST_PAGE = 16;
  private static final int LARGEST_PAGE = 4096;

  private CosignatureRows() {}

  /// Who has cosigned the checkpoint of one size.
  private record CosignedSize(long treeSize, Set<String> witnesses) {}

  /// A witness may be asked twice; its first word stays.
  static void insert(Handle handle, long treeSize, Cosignature cosignature, Instant at) {
    handle
        .createUpdate(
            """
            INSERT INTO audit.cosignature (tree_size, witness, line, received_at)
            VALUES (:size, :witness, :line, :at) ON CONFLICT DO NOTHING
            """)
        .bind("size", treeSize)
        .bind("witness", cosignature.witness().toString())
        .bind("line", cosignature.line().strip())
        .bind("at", at)
        .execute();
  }

  /// The size that a witness cosigned last.
  static OptionalLong latestSize(Handle handle, WitnessKey witness) {
    return handle
        .createQuery(LATEST_SIZE)
        .bind("witness", witness.toString())
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /// The checkpoint that is given out: the newest that meets the policy, with all cosignatures that
  /// there are of it.
  static Optional<StoredCheckpoint> published(Handle handle, WitnessPolicy policy) {
    Optional<StoredCheckpoint> newest = TreeRows.latestCheckpoint(handle);
    if (newest.isEmpty() || policy.isNone()) {
      return newest.map(checkpoint -> cosigned(handle, checkpoint));
    }
    OptionalLong size = newestMeeting(handle, policy, newest.get().treeSize());
    return size.isEmpty()
        ? Optional.empty()
        : TreeRows.checkpoint(handle, size.getAsLong())
            .map(checkpoint -> cosigned(handle, checkpoint));
  }

  /// The size of the newest checkpoint that enough witnesses have cosigned, up to `most`. From the
  /// newest back, in pages that grow: there is next to nothing to skip but after days without
  /// witnesses.
  static OptionalLong newestMeeting(Handle handle, WitnessPolicy policy, long most) {
    long below = most;
    for (int limit = FIRST_PAGE; ; limit = Math.min(limit * 4, LARGEST_PAGE)) {
      List<CosignedSize> page = page(handle, policy, below, limit);
      OptionalLong found = newestOf(page, policy);
      if (found.isPresent() || page.size() < limit) {
        return found;
      }
      below = page.getLast().treeSize() - 1;
    }
  }

  /// [#newestMeeting] among the few newest sizes that anybody has cosigned: where it was looked for
  /// a moment ago, what is new is there.
  static OptionalLong newlyMeeting(Handle handle, WitnessPolicy policy, long most) {
    return newestOf(page(handle, policy, most, FIRST_PAGE), policy);
  }

  private static OptionalLong newestOf(List<CosignedSize> page, WitnessPolicy policy) {
    return page.stream()
        .filter(
            one ->
                policy.isMetBy(
                    policy.witnesses().stream()
                        .filter(witness -> one.witnesses().contains(witness.toString()))
                        .collect(Collectors.toSet())))
        .mapToLong(CosignedSize::treeSize)
        .findFirst();
  }

  private static List<CosignedSize> page(
      Handle handle, WitnessPolicy policy, long most, int limit) {
    return handle
        .createQuery(PAGE)
        .bind("most", most)
        .bindArray(
            "witnesses",
            String.class,
            policy.witnesses().stream().map(WitnessKey::toString).toList())
        .bind("limit", limit)
        .map(CosignatureRows::size)
        .list();
  }

  private static CosignedSize size(ResultSet row, StatementContext context) throws SQLException {
    String[] witnesses = (String[]) row.getArray("witnesses").getArray();
    return new CosignedSize(row.getLong("tree_size"), new HashSet<>(Arrays.asList(witnesses)));
  }

  private static StoredCheckpoint cosigned(Handle handle, StoredCheckpoint checkpoint) {
    StringBuilder note = new StringBuilder(checkpoint.note());
    handle
        .createQuery(
            """
            SELECT line FROM audit.cosignature WHERE tree_size = :size ORDER BY witness LIMIT :most
            """)
        .bind("size", checkpoint.treeSize())
        .bind("most", WitnessPolicy.MOST_WITNESSES)
        .mapTo(String.class)
        .forEach(line -> note.append(line).append('\n'));
    return new StoredCheckpoint(checkpoint.treeSize(), note.toString());
  }

  /// Whether `instance` has the lease now, or still.
  static boolean lease(Handle handle, UUID instance, Duration time) {
    return handle
            .createUpdate(
                """
                UPDATE audit.witness_lease
                SET holder = :instance, until = now() + make_interval(secs => :seconds)
                WHERE holder = :instance OR until < now()
                """)
            .bind("instance", instance)
            .bind("seconds", time.toMillis() / 1000.0)
            .execute()
        == 1;
  }

  /// Lets another instance have it at once.
  static void release(Handle handle, UUID instance) {
    handle
        .createUpdate("UPDATE audit.witness_lease SET until = '-infinity' WHERE holder = :instance")
        .bind("instance", instance)
        .execute();
  }
}
