package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.merkle.ConsistencyProof;
import dev.countersign.audit.merkle.ProofPlan;
import dev.countersign.audit.merkle.Subtree;
import dev.countersign.audit.store.EntryBodies.Placed;
import dev.countersign.audit.store.TreeRows.Leaf;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Reads what is in the tree, with proofs against the latest checkpoint, or where a witness policy
/// is set, the latest that meets it. What was committed a
/// moment ago may not be in it yet: see [Integrator#awaitIntegration]. Proofs are as good as the
/// log: the receiver checks them, this does not.
public final class PostgresAuditReader {
  private static final int MOST_ENTRIES = 1024;

  private final UnitOfWork unitOfWork;
  private final WitnessPolicy policy;
  private final EntryBodies bodies;

  public PostgresAuditReader(UnitOfWork unitOfWork) {
    this(unitOfWork, WitnessPolicy.NONE);
  }

  /// @param policy what a checkpoint needs before it is given out
  public PostgresAuditReader(UnitOfWork unitOfWork, WitnessPolicy policy) {
    this(unitOfWork, policy, EntryBodies.HOT);
  }

  /// @param policy what a checkpoint needs before it is given out
  /// @param bodies with the archive, where there is one
  public PostgresAuditReader(UnitOfWork unitOfWork, WitnessPolicy policy, EntryBodies bodies) {
    this.unitOfWork = unitOfWork;
    this.policy = policy;
    this.bodies = bodies;
  }

  /// An entry and its place.
  ///
  /// @param entry for [dev.countersign.audit.entry.EntryDecoder]
  public record IndexedEntry(long index, Bytes entry) {}

  /// The signed note of the latest checkpoint that meets the policy, with the cosignatures there
  /// are of it; nothing before an integrator has ever started, or before enough witnesses have
  /// cosigned any.
  public Optional<String> latestCheckpoint() {
    return unitOfWork.inTransaction(
        transaction -> published(transaction.unwrap(Handle.class)).map(StoredCheckpoint::note));
  }

  private Optional<StoredCheckpoint> published(Handle handle) {
    return CosignatureRows.published(handle, policy);
  }

  /// The entries from `from` on, as far as the latest checkpoint goes; to page on, ask from the
  /// last index and one.
  ///
  /// @param limit at most 1024 are given
  /// @throws BrokenLogException when one of them is gone
  /// @throws ArchiveUnavailableException when one was archived, and the archive is not there
  public List<IndexedEntry> entries(long from, int limit) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          long to = Math.min(treeSize(handle), from + Math.min(limit, MOST_ENTRIES));
          List<IndexedEntry> entries = new ArrayList<>();
          for (Placed placed : bodies.range(handle, from, to)) {
            Bytes body = placed.body().orElseThrow(() -> gone(placed.index()));
            entries.add(new IndexedEntry(placed.index(), body));
          }
          return entries;
        });
  }

  /// Proofs for all entries of a request, in the log's order.
  public List<LogProof> prove(SigningRequestId request) {
    return prove(Set.of(request)).getOrDefault(request, List.of());
  }

  /// [#prove] for many requests: three statements, whatever their number. Requests without an entry
  /// in the tree are left out.
  ///
  /// @throws BrokenLogException when an entry or a hash is gone
  /// @throws ArchiveUnavailableException when one was archived, and the archive is not there
  public Map<SigningRequestId, List<LogProof>> prove(Collection<SigningRequestId> requests) {
    if (requests.isEmpty()) {
      return Map.of();
    }
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          Optional<StoredCheckpoint> checkpoint = published(handle);
          if (checkpoint.isEmpty()) {
            return Map.of();
          }
          List<UUID> ids = requests.stream().map(SigningRequestId::value).toList();
          List<Leaf> leaves = TreeRows.leaves(handle, ids, checkpoint.get().treeSize());
          Map<Long, LogProof> proofs =
              prove(handle, checkpoint.get(), leaves.stream().map(Leaf::index).toList());
          Map<SigningRequestId, List<LogProof>> byRequest = new LinkedHashMap<>();
          for (Leaf leaf : leaves) {
            Optional.ofNullable(leaf.request())
                .map(SigningRequestId::new)
                .ifPresent(
                    request ->
                        byRequest
                            .computeIfAbsent(request, _ -> new ArrayList<>())
                            .add(proofAt(proofs, leaf.index())));
          }
          return byRequest;
        });
  }

  /// The proof for one place; nothing when the tree has not come to it.
  ///
  /// @throws BrokenLogException when the entry or a hash is gone
  /// @throws ArchiveUnavailableException when it was archived, and the archive is not there
  public Optional<LogProof> prove(long index) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          return published(handle)
              .filter(checkpoint -> index >= 0 && index < checkpoint.treeSize())
              .map(checkpoint -> proofAt(prove(handle, checkpoint, List.of(index)), index));
        });
  }

  /// Proof that the tree of `from` entries is a prefix of that of `to` entries.
  ///
  /// @throws IllegalArgumentException when not 0 &lt;= from &lt;= to &lt;= the latest checkpoint's
  ///     size
  public ConsistencyProof proveConsistency(long from, long to) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          long size = treeSize(handle);
          if (to > size) {
            throw new IllegalArgumentException(
                "the log has %d entries so far, not %d".formatted(size, to));
          }
          ProofPlan plan = ProofPlan.consistency(from, to);
          Map<TileId, Tile> tiles = tiles(handle, List.of(plan));
          return new ConsistencyProof(
              from, to, plan.resolve(subtree -> hash(tiles, subtree, size)));
        });
  }

  private Map<Long, LogProof> prove(
      Handle handle, StoredCheckpoint checkpoint, List<Long> indexes) {
    Map<Long, ProofPlan> plans = new LinkedHashMap<>();
    indexes.forEach(index -> plans.put(index, ProofPlan.inclusion(index, checkpoint.treeSize())));
    Map<TileId, Tile> tiles = tiles(handle, plans.values());
    Map<Long, Placed> places =
        bodies.at(handle, indexes).stream().collect(Collectors.toMap(Placed::index, one -> one));
    Map<Long, LogProof> proofs = new LinkedHashMap<>();
    plans.forEach(
        (index, plan) -> {
          List<Digest32> path =
              plan.resolve(subtree -> hash(tiles, subtree, checkpoint.treeSize()));
          Bytes body =
              Optional.ofNullable(places.get(index))
                  .flatMap(Placed::body)
                  .orElseThrow(() -> gone(index));
          proofs.put(index, new LogProof(body, index, path, checkpoint.note()));
        });
    return proofs;
  }

  private static LogProof proofAt(Map<Long, LogProof> proofs, long index) {
    return Optional.ofNullable(proofs.get(index)).orElseThrow();
  }

  private static Map<TileId, Tile> tiles(Handle handle, Collection<ProofPlan> plans) {
    Set<TileId> ids = new HashSet<>();
    plans.forEach(plan -> plan.subtrees().forEach(subtree -> ids.add(TileId.holding(subtree))));
    return TreeRows.tiles(handle, ids);
  }

  private static Digest32 hash(Map<TileId, Tile> tiles, Subtree subtree, long treeSize) {
    return TreeRows.require(tiles, TileId.holding(subtree), treeSize).subtree(subtree);
  }

  private static long treeSize(Handle handle) {
    return TreeRows.latestCheckpoint(handle).map(StoredCheckpoint::treeSize).orElse(0L);
  }

  private static BrokenLogException gone(long index) {
    return new BrokenLogException("entry %d of the audit log is gone".formatted(index), index);
  }
}
