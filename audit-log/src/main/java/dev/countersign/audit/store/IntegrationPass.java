package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.store.EntryRows.Committed;
import dev.countersign.audit.store.TreeRows.Leaf;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.tiles.TileTree;
import dev.countersign.core.port.UnitOfWork;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// One step of the tree, in one transaction: new entries get their places, the tree grows, its new
/// head is signed. All of it happens or nothing does.
final class IntegrationPass {
  private final UnitOfWork unitOfWork;
  private final CheckpointSigner signer;
  private final InstantSource clock;
  private final int batch;

  /// @param batch the most entries of one pass
  IntegrationPass(UnitOfWork unitOfWork, CheckpointSigner signer, InstantSource clock, int batch) {
    this.unitOfWork = unitOfWork;
    this.signer = signer;
    this.clock = clock;
    this.batch = batch;
  }

  /// What came of a pass.
  enum Outcome {
    /// Somebody else integrates just now.
    BUSY,
    /// All that was committed before the pass began is under a checkpoint.
    CAUGHT_UP,
    /// There is more.
    BEHIND
  }

  /// What came of a pass, and how far the tree has come.
  ///
  /// @param through all entries up to this id that were committed before the pass began are under a
  ///     checkpoint; -1 where that is not known
  record Step(Outcome outcome, long through) {}

  /// What a look at the table showed.
  ///
  /// @param entries in the order they go into the tree
  /// @param next the row to store
  /// @param through see [Step#through]
  /// @param all whether there was nothing more to see
  private record Look(List<Committed> entries, Sequencer next, long through, boolean all) {}

  /// Checks the newest part of what is stored, and signs the head of the empty tree of a new log.
  ///
  /// @throws BrokenLogException when what is stored is not what was signed
  void begin() {
    begin(Optional.empty());
  }

  /// [#begin], and checks that the log continues a checkpoint from before.
  ///
  /// @param seen from outside of the database
  void begin(Optional<SignedCheckpoint> seen) {
    unitOfWork.run(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          Sequencer sequencer = Sequencer.lock(handle);
          if (sequencer.equals(new Sequencer(0, 0, Gaps.NONE))
              && TreeRows.latestCheckpoint(handle).isEmpty()) {
            sign(handle, new TileTree());
          }
          TileTree tree = StoredTree.resume(handle, sequencer, signer.logKeys());
          StoredTree.checkNewestEntries(handle, tree.size());
          Sequencer.requireNotBehind(handle, sequencer);
          signer
              .logKeys()
              .former()
              .forEach(key -> StoredTree.requireGrownFrom(handle, key.last(), tree.size()));
          seen.ifPresent(
              before -> {
                SignedCheckpoint _ = StoredTree.continues(handle, signer.logKeys(), before);
              });
        });
  }

  /// The latest checkpoint; without any lock.
  ///
  /// @param seen what it must continue
  /// @throws BrokenLogException when it does not
  SignedCheckpoint latest(Optional<SignedCheckpoint> seen) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          Sequencer.read(handle)
              .ifPresent(sequencer -> Sequencer.requireNotBehind(handle, sequencer));
          return seen.isPresent()
              ? StoredTree.continues(handle, signer.logKeys(), seen.get())
              : StoredTree.latest(handle, signer.logKeys());
        });
  }

  /// The newest entry that is committed by now; without any lock. 0 when there is none.
  long newestEntry() {
    return unitOfWork.inTransaction(
        transaction -> EntryRows.newest(transaction.unwrap(Handle.class)));
  }

  /// [#step], where it does not matter how far.
  Outcome run() {
    return step().outcome();
  }

  /// @throws BrokenLogException when what is stored is not what was signed
  Step step() {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          if (!Sequencer.hasWork(handle)) {
            return new Step(Outcome.CAUGHT_UP, -1);
          }
          Optional<Sequencer> sequencer = Sequencer.tryLock(handle);
          return sequencer.isEmpty()
              ? new Step(Outcome.BUSY, -1)
              : integrate(handle, sequencer.get());
        });
  }

  private Step integrate(Handle handle, Sequencer sequencer) {
    Look look = look(handle, sequencer);
    if (!look.entries().isEmpty()) {
      TileTree tree = StoredTree.resume(handle, sequencer, signer.logKeys());
      List<Leaf> leaves = new ArrayList<>();
      for (Committed entry : look.entries()) {
        leaves.add(new Leaf(tree.size(), entry.id(), entry.request(), entry.written()));
        tree.append(entry.leafHash());
      }
      TreeRows.insertLeaves(handle, leaves);
      TreeRows.writeTiles(handle, tree.takeChanged());
      sign(handle, tree);
    }
    if (!look.next().equals(sequencer)) {
      look.next().save(handle);
    }
    return new Step(look.all() ? Outcome.CAUGHT_UP : Outcome.BEHIND, look.through());
  }

  /// The order of the statements matters, since each sees what was committed before it: first who
  /// is writing, then the new entries, then the gaps below them. An entry whose writer could see
  /// another one has the higher id, and so is never looked for after it.
  private Look look(Handle handle, Sequencer sequencer) {
    Gaps gaps = sequencer.gaps();
    Set<String> running = gaps.isEmpty() ? Set.of() : EntryRows.writers(handle);
    List<Committed> fresh = EntryRows.above(handle, sequencer.highestEntry(), batch);
    List<Committed> late = EntryRows.within(handle, gaps.old().and(gaps.young()), batch);
    if (late.size() == batch) {
      return lateOnly(sequencer, late);
    }
    long highest = fresh.isEmpty() ? sequencer.highestEntry() : fresh.getLast().id();
    IdRanges found = IdRanges.between(sequencer.highestEntry(), highest).without(ids(fresh));
    List<Committed> entries = new ArrayList<>(late);
    entries.addAll(fresh);
    return new Look(
        entries,
        new Sequencer(
            sequencer.treeSize() + entries.size(), highest, gaps.after(running, ids(late), found)),
        highest,
        fresh.size() < batch);
  }

  /// More came late than one pass takes: it takes those, and settles nothing.
  private static Look lateOnly(Sequencer sequencer, List<Committed> late) {
    Gaps gaps = sequencer.gaps();
    return new Look(
        late,
        new Sequencer(
            sequencer.treeSize() + late.size(),
            sequencer.highestEntry(),
            new Gaps(
                gaps.young().without(ids(late)), gaps.old().without(ids(late)), gaps.writers())),
        -1,
        false);
  }

  private static List<Long> ids(List<Committed> entries) {
    return entries.stream().map(Committed::id).toList();
  }

  private void sign(Handle handle, TileTree tree) {
    SignedCheckpoint signed =
        SignedCheckpoint.sign(
            new Checkpoint(signer.verifierKey().name(), tree.size(), tree.root()), signer);
    TreeRows.insertCheckpoint(
        handle, new StoredCheckpoint(tree.size(), signed.note()), clock.instant());
  }
}
