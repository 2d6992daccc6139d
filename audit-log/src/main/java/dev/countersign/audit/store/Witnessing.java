package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.witness.WitnessClient;
import dev.countersign.audit.witness.WitnessEndpoint;
import dev.countersign.core.port.UnitOfWork;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings each new checkpoint to the witnesses, in the background, and stores their cosignatures.
/// Every instance of the server runs one; one at a time does it. Neither appends nor checkpoints
/// ever wait for it.
///
/// All witnesses are brought the same checkpoint, and the next one only when they have answered: if
/// each was brought what is newest just then, no two would ever cosign the same size of a log that
/// keeps growing.
public final class Witnessing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Witnessing.class);

  private final UnitOfWork unitOfWork;
  private final LogKeys log;
  private final WitnessPolicy policy;
  private final WitnessingSettings settings;
  private final List<WitnessCourier> couriers;
  private final UUID instance = UUID.randomUUID();
  private final ExecutorService errands = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closed;
  private boolean woken;
  private int waiting;

  /// The newest size that meets the policy, at the last look; -1 before the first. Written by the
  /// working thread alone.
  private volatile long witnessed = -1;

  private @Nullable String problem;
  private @Nullable Thread thread;

  // Of the working thread alone.
  private @Nullable SignedCheckpoint target;
  private long targetSince;
  private boolean leading;
  private long renewAt = System.nanoTime();

  /// @param unitOfWork with a login that is a member of `countersign_audit`
  /// @param log the keys of this log
  /// @param policy of the witnesses' keys; with none, nothing is ever done or waited for
  /// @throws dev.countersign.audit.checkpoint.InvalidNoteException when the log is among them
  public Witnessing(
      UnitOfWork unitOfWork,
      LogKeys log,
      WitnessPolicy policy,
      List<WitnessEndpoint> witnesses,
      InstantSource clock,
      WitnessingSettings settings) {
    policy.requireIndependentOf(log);
    this.unitOfWork = unitOfWork;
    this.log = log;
    this.policy = policy;
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeout())
            .executor(errands)
            .build();
    PostgresAuditReader reader = new PostgresAuditReader(unitOfWork);
    this.couriers =
        witnesses.stream()
            .map(
                witness ->
                    new WitnessCourier(
                        unitOfWork,
                        reader,
                        witness.key(),
                        new WitnessClient(http, witness, settings.timeout(), clock),
                        clock,
                        settings))
            .toList();
  }

  /// How it stands with one witness, as far as this instance knows.
  ///
  /// @param cosigned the size that it cosigned last for this instance
  /// @param problem why it did not cosign the last time
  public record Status(String name, OptionalLong cosigned, Optional<String> problem) {}

  /// Begins to work in the background.
  public void start() {
    if (couriers.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      if (thread != null || closed) {
        throw new IllegalStateException("a witnessing starts once");
      }
      thread = Thread.ofPlatform().name("audit-witnessing").daemon().start(this::work);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until a checkpoint that meets the policy has everything that is under any checkpoint
  /// now. Without a policy there is nothing to wait for.
  ///
  /// @return false when it was not within `timeout`, or this was stopped
  public boolean awaitWitnessed(Duration timeout) throws InterruptedException {
    if (policy.isNone()) {
      return true;
    }
    long nanos = timeout.toNanos();
    long wanted = inHandle(TreeRows::latestCheckpoint).map(StoredCheckpoint::treeSize).orElse(0L);
    if (wanted == 0) {
      return true; // an empty log has nothing to prove
    }
    lock.lock();
    try {
      waiting++;
      woken = true;
      changed.signalAll();
      while (witnessed < wanted && !closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return witnessed >= wanted;
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  public List<Status> status() {
    return couriers.stream()
        .map(one -> new Status(one.witness().name(), one.cosigned(), one.problem()))
        .toList();
  }

  /// What is wrong with the witnesses, or with the log in their eyes, for a health check.
  public Optional<String> problem() {
    String all =
        couriers.stream()
            .flatMap(courier -> courier.problem().stream())
            .collect(Collectors.joining("; "));
    lock.lock();
    try {
      return problem != null ? Optional.of(problem) : Optional.of(all).filter(s -> !s.isEmpty());
    } finally {
      lock.unlock();
    }
  }

  /// Stops. What is under way is broken off; a witness that has cosigned by then will again.
  @Override
  public void close() {
    Thread working;
    lock.lock();
    try {
      closed = true;
      working = thread;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    http.shutdownNow();
    errands.shutdownNow();
    try {
      if (!errands.awaitTermination(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a witness's answer is still being stored");
      }
      if (working != null) {
        working.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    while (waitForTurn()) {
      try {
        look();
        mended();
      } catch (RuntimeException e) {
        failed(e);
      }
    }
    if (leading) {
      try {
        inHandle(
            handle -> {
              CosignatureRows.release(handle, instance);
              return true;
            });
      } catch (RuntimeException e) {
        LOG.info("the lease of the witnesses ends by itself: {}", e.getMessage());
      }
    }
  }

  private boolean waitForTurn() {
    lock.lock();
    try {
      long nanos = (waiting > 0 ? settings.pollAwaited() : settings.poll()).toNanos();
      while (!closed && !woken && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      woken = false;
      return !closed;
    } catch (InterruptedException e) {
      return false; // nobody but a stopping process interrupts this thread
    } finally {
      lock.unlock();
    }
  }

  private void failed(RuntimeException e) {
    lock.lock();
    try {
      String message = String.valueOf(e.getMessage());
      if (!closed && !message.equals(problem)) {
        LOG.warn("bringing checkpoints to the witnesses failed", e);
      }
      problem = message;
    } finally {
      lock.unlock();
    }
  }

  private void mended() {
    lock.lock();
    try {
      problem = null;
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    Optional<StoredCheckpoint> newest = inHandle(TreeRows::latestCheckpoint);
    if (newest.isEmpty() || newest.get().treeSize() == 0) {
      return; // an empty log says nothing yet
    }
    long size = newest.get().treeSize();
    see(size);
    if (!lease()) {
      target = null;
      return;
    }
    SignedCheckpoint current = target;
    if (current == null || (current.checkpoint().treeSize() != size && mayGoOn(current))) {
      current = log.open(newest.get().note().getBytes(StandardCharsets.UTF_8));
      target = current;
      targetSince = System.nanoTime();
    }
    for (WitnessCourier courier : couriers) {
      if (courier.take(current.checkpoint().treeSize())) {
        send(courier, current);
      }
    }
  }

  /// Sees which size meets the policy now. Far back it is looked for once, and again when the log
  /// was set back.
  private void see(long size) {
    long before = witnessed;
    OptionalLong enough =
        inHandle(
            handle ->
                before < 0 || before > size
                    ? CosignatureRows.newestMeeting(handle, policy, size)
                    : CosignatureRows.newlyMeeting(handle, policy, size));
    lock.lock();
    try {
      witnessed = enough.orElse(before > size ? 0 : Math.max(before, 0));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void send(WitnessCourier courier, SignedCheckpoint checkpoint) {
    errands.execute(
        () -> {
          courier.carry(checkpoint);
          wake();
        });
  }

  /// Whether the witnesses have had their time with the checkpoint.
  private boolean mayGoOn(SignedCheckpoint current) {
    long size = current.checkpoint().treeSize();
    if (couriers.stream().allMatch(courier -> courier.isSettled(size))) {
      return true;
    }
    var cosigned = new HashSet<WitnessKey>();
    couriers.stream()
        .filter(courier -> courier.hasCosigned(size))
        .forEach(courier -> cosigned.add(courier.witness()));
    Duration patience =
        policy.isMetBy(cosigned) ? settings.straggle() : settings.timeout().multipliedBy(2);
    return System.nanoTime() - targetSince > patience.toNanos();
  }

  private boolean lease() {
    if (!leading || System.nanoTime() - renewAt >= 0) {
      leading = inHandle(handle -> CosignatureRows.lease(handle, instance, settings.lease()));
      renewAt = System.nanoTime() + settings.lease().toNanos() / 2;
    }
    return leading;
  }

  private <T> T inHandle(Function<Handle, T> work) {
    return unitOfWork.inTransaction(transaction -> work.apply(transaction.unwrap(Handle.class)));
  }
}
