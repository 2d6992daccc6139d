package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.witness.WitnessAnswer;
import dev.countersign.audit.witness.WitnessClient;
import dev.countersign.core.port.UnitOfWork;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings checkpoints to one witness, one at a time, and stores what it answers. Its state is read
/// by others while it is under way.
final class WitnessCourier {
  private static final Logger LOG = LoggerFactory.getLogger(WitnessCourier.class);

  private final UnitOfWork unitOfWork;
  private final PostgresAuditReader log;
  private final WitnessKey witness;
  private final WitnessClient client;
  private final InstantSource clock;
  private final WitnessingSettings settings;

  private boolean busy;

  /// What the witness cosigned last; nothing before that was looked up.
  private OptionalLong cosigned = OptionalLong.empty();

  /// The size that it was asked about last, and whether it cosigned it; -1 before the first.
  private long tried = -1;

  private boolean granted;
  private int failures;
  private long notBefore = System.nanoTime();
  private @Nullable String problem;

  WitnessCourier(
      UnitOfWork unitOfWork,
      PostgresAuditReader log,
      WitnessKey witness,
      WitnessClient client,
      InstantSource clock,
      WitnessingSettings settings) {
    this.unitOfWork = unitOfWork;
    this.log = log;
    this.witness = witness;
    this.client = client;
    this.clock = clock;
    this.settings = settings;
  }

  WitnessKey witness() {
    return witness;
  }

  synchronized Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /// The size that the witness cosigned last, as far as this instance knows.
  synchronized OptionalLong cosigned() {
    return cosigned;
  }

  /// Whether the witness is to be asked about the checkpoint of `size` now; then it is under way.
  synchronized boolean take(long size) {
    if (busy || hasCosigned(size) || System.nanoTime() - notBefore < 0) {
      return false;
    }
    busy = true;
    return true;
  }

  synchronized boolean hasCosigned(long size) {
    return tried == size && granted;
  }

  /// Whether there is nothing to wait for at `size`: it has cosigned, or it is left alone.
  synchronized boolean isSettled(long size) {
    return hasCosigned(size) || (!busy && System.nanoTime() - notBefore < 0);
  }

  /// Asks the witness. Whatever happens, it ends, and says so in its state.
  void carry(SignedCheckpoint checkpoint) {
    long size = checkpoint.checkpoint().treeSize();
    try {
      WitnessAnswer answer =
          client.bring(
              checkpoint, lastCosigned(), (from, to) -> log.proveConsistency(from, to).path());
      switch (answer) {
        case WitnessAnswer.Cosigned(Cosignature cosignature) -> {
          unitOfWork.run(
              transaction ->
                  CosignatureRows.insert(
                      transaction.unwrap(Handle.class), size, cosignature, clock.instant()));
          succeeded(size);
        }
        case WitnessAnswer.Ahead(long ahead) -> ahead(size, ahead);
        case WitnessAnswer.Failed(WitnessAnswer.Kind kind, String message) ->
            failed(size, message, kind.isAboutTheLog());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failed(size, "stopped", false);
    } catch (RuntimeException e) {
      failed(size, "witness %s: %s".formatted(witness.name(), e.getMessage()), false);
    }
  }

  private long lastCosigned() {
    OptionalLong known = cosigned();
    if (known.isPresent()) {
      return known.getAsLong();
    }
    return unitOfWork
        .inTransaction(
            transaction -> CosignatureRows.latestSize(transaction.unwrap(Handle.class), witness))
        .orElse(0);
  }

  /// Another instance may have brought it a newer checkpoint; else the log was set back.
  private void ahead(long size, long ahead) {
    long newest =
        unitOfWork.inTransaction(
            transaction ->
                TreeRows.latestCheckpoint(transaction.unwrap(Handle.class))
                    .map(StoredCheckpoint::treeSize)
                    .orElse(0L));
    if (newest >= ahead) {
      synchronized (this) {
        busy = false;
        tried = size;
        granted = false;
        cosigned = OptionalLong.of(ahead);
        notBefore = System.nanoTime() + 2 * settings.poll().toNanos();
      }
    } else {
      failed(
          size,
          ("the audit log was set back: it has %d entries, witness %s has cosigned %d;"
                  + " entries from index %d on are gone")
              .formatted(newest, witness.name(), ahead, newest),
          true);
    }
  }

  private synchronized void succeeded(long size) {
    if (problem != null) {
      LOG.info("witness {} cosigns again, {} entries", witness.name(), size);
    }
    busy = false;
    tried = size;
    granted = true;
    cosigned = OptionalLong.of(size);
    failures = 0;
    problem = null;
  }

  private synchronized void failed(long size, String message, boolean aboutTheLog) {
    if (!message.equals(problem)) {
      if (aboutTheLog) {
        LOG.error("{}", message);
      } else {
        LOG.warn("{}", message);
      }
    }
    busy = false;
    tried = size;
    granted = false;
    problem = message;
    Duration wait = settings.firstRetry().multipliedBy(1L << Math.min(failures, 16));
    notBefore =
        System.nanoTime()
            + (wait.compareTo(settings.lastRetry()) < 0 ? wait : settings.lastRetry()).toNanos();
    failures++;
  }
}
