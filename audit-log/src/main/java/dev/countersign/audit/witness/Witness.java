package dev.countersign.audit.witness;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.merkle.ConsistencyProof;
import dev.countersign.audit.merkle.ProofCheck;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Cosigns the checkpoints of logs that only ever grow (C2SP tlog-witness). Of each log there is
/// one history that it will ever cosign: what it cosigned is durable before the cosignature is
/// given out. Safe for concurrent use.
public final class Witness {
  private final CheckpointSigner key;
  private final Map<String, List<VerifierKey>> logs = new TreeMap<>();
  private final Map<String, ReentrantLock> locks = new HashMap<>();
  private final WitnessState state;
  private final InstantSource clock;

  /// @param key signs nothing else
  /// @param logs the keys of the logs to witness; a log whose key is being replaced has two
  /// @throws InvalidNoteException when a log has the witness's own key
  public Witness(
      CheckpointSigner key, Collection<VerifierKey> logs, WitnessState state, InstantSource clock) {
    this.key = key;
    this.state = state;
    this.clock = clock;
    for (VerifierKey log : logs) {
      if (log.publicKey().equals(key.verifierKey().publicKey())) {
        throw new InvalidNoteException(
            "a witness's key is not a log's: expected another key than that of " + log.name());
      }
      this.logs.computeIfAbsent(log.name(), _ -> new ArrayList<>()).add(log);
      this.locks.put(log.name(), new ReentrantLock());
    }
  }

  /// Who verifies the cosignatures.
  public WitnessKey verifierKey() {
    return Cosignature.keyOf(key);
  }

  /// Decides on one request.
  ///
  /// @param body of the request
  /// @throws IOException when what it decides cannot be made durable: nothing is cosigned then
  public WitnessDecision decide(byte[] body) throws IOException {
    AddCheckpoint request;
    Checkpoint claimed;
    byte[] note;
    try {
      request = AddCheckpoint.parse(body);
      note = request.note().getBytes(StandardCharsets.UTF_8);
      claimed = Checkpoint.claimedBy(note);
    } catch (InvalidNoteException e) {
      return new WitnessDecision.Malformed(String.valueOf(e.getMessage()));
    }
    List<VerifierKey> keys = logs.get(claimed.origin());
    ReentrantLock lock = locks.get(claimed.origin());
    if (keys == null || lock == null) {
      return new WitnessDecision.UnknownLog();
    }
    Optional<SignedCheckpoint> signed = open(note, keys);
    if (signed.isEmpty()) {
      return new WitnessDecision.NotSigned();
    }
    if (request.oldSize() > claimed.treeSize()) {
      return new WitnessDecision.Malformed("the old size is above the checkpoint's");
    }
    lock.lock();
    try {
      return decide(request, signed.get());
    } finally {
      lock.unlock();
    }
  }

  private static Optional<SignedCheckpoint> open(byte[] note, List<VerifierKey> keys) {
    for (VerifierKey log : keys) {
      try {
        return Optional.of(SignedCheckpoint.open(note, log));
      } catch (InvalidNoteException e) {
        // perhaps the log's other key
      }
    }
    return Optional.empty();
  }

  private WitnessDecision decide(AddCheckpoint request, SignedCheckpoint signed)
      throws IOException {
    Checkpoint next = signed.checkpoint();
    Optional<Checkpoint> last = state.latest(next.origin());
    long lastSize = last.map(Checkpoint::treeSize).orElse(0L);
    if (request.oldSize() != lastSize) {
      return new WitnessDecision.AtAnotherSize(lastSize);
    }
    Digest32 lastRoot = last.map(Checkpoint::root).orElse(TreeHash.EMPTY_ROOT);
    if (lastSize == next.treeSize() && !lastRoot.equals(next.root())) {
      return new WitnessDecision.OtherRoot(lastSize);
    }
    ConsistencyProof proof = new ConsistencyProof(lastSize, next.treeSize(), request.proof());
    if (proof.check(lastRoot, next.root()) instanceof ProofCheck.Fails(String reason)) {
      return new WitnessDecision.Inconsistent(reason);
    }
    if (!last.equals(Optional.of(next))) {
      state.remember(next, signed.note());
    }
    return new WitnessDecision.Cosigned(Cosignature.sign(signed, key, clock.instant()));
  }
}
