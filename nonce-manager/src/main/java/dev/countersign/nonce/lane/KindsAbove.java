package dev.countersign.nonce.lane;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.database.SqlRows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Of which kind, with blobs or without, the transactions are that may have been sent with nonces
/// above one that was given back. Only what has lower nonces of its own kind alone is sent, so it
/// is the kind of the first above it, signed or not: who has a nonce may be signed and sent at any
/// time.
///
/// @param hasBlobs by what was given back and has something above it
record KindsAbove(Map<Free, Boolean> hasBlobs) {

  /// A nonce that was given back.
  record Free(Lane lane, Nonce nonce) {}

  /// @param lanes locked, or just looked at
  static KindsAbove of(Handle handle, Map<Lane, LockedLane> lanes) {
    List<Free> free =
        lanes.entrySet().stream()
            .flatMap(e -> e.getValue().state().free().stream().map(n -> new Free(e.getKey(), n)))
            .toList();
    if (free.isEmpty()) {
      return new KindsAbove(Map.of());
    }
    return new KindsAbove(
        SqlRows.of(free)
            .text("chain", row -> row.lane().chain().caip2())
            .text("address", row -> row.lane().address().hex())
            .bigint("nonce", row -> row.nonce().value())
            .bindTo(
                handle.createQuery(
                    """
                    SELECT f.chain, f.address, f.nonce, t.has_blobs
                    FROM unnest(:chain, :address, :nonce) AS f (chain, address, nonce)
                    CROSS JOIN LATERAL (
                      SELECT has_blobs FROM nonce.transaction t
                      WHERE (t.chain, t.address) = (f.chain, f.address) AND t.nonce > f.nonce
                        AND t.state IN ('OWNED', 'SIGNED', 'BROADCAST')
                      ORDER BY t.nonce LIMIT 1) t
                    """))
            .map(
                (row, context) ->
                    Map.entry(
                        new Free(LaneRows.lane(row), new Nonce(row.getLong("nonce"))),
                        row.getBoolean("has_blobs")))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /// Why the nonce is for nobody of this kind, if it is not.
  Optional<LaneObstacle> obstacle(Lane lane, Nonce nonce, boolean hasBlobs) {
    return Optional.ofNullable(this.hasBlobs.get(new Free(lane, nonce)))
        .filter(kind -> kind != hasBlobs)
        .map(kind -> new LaneObstacle.OtherKind(nonce, kind));
  }
}
