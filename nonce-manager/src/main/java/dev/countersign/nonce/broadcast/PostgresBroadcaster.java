package dev.countersign.nonce.broadcast;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Broadcaster;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.blob.BlobSupply;
import dev.countersign.nonce.loop.BackgroundLoop;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeText;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.progress.RequestProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what the database holds signed, and sends it again until it is mined. Any number of
/// instances may run: each claims for itself what it sends, and what an instance that died has
/// claimed comes due again.
///
/// The bytes of a payload never change here, so sending twice is the same as sending once. Of a
/// nonce with several payloads the newest is sent.
public final class PostgresBroadcaster implements Broadcaster, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresBroadcaster.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final UnitOfWork unitOfWork;
  private final RequestProgress progress;
  private final InstantSource clock;
  private final BroadcastSettings settings;
  private final RefusalListener refusals;
  private final RawTransactionSender sender;
  private final HiddenSending hidden;
  private final Map<ChainId, LongAdder> dropped = new ConcurrentHashMap<>();
  private final Map<ChainId, ChainChannel> channels = new TreeMap<>();
  private final Map<ChainId, ChainChannel> blobChannels = new TreeMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BackgroundLoop loop = new BackgroundLoop("broadcast", this::dispatch);

  public PostgresBroadcaster(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      NodePools nodes,
      InstantSource clock,
      BroadcastSettings settings) {
    this(
        unitOfWork, requests, audit, nodes, clock, settings, RefusalListener.NONE, BlobSupply.NONE);
  }

  /// @param refusals hears of what nodes do not take
  /// @param blobs has those of the transactions that have some
  public PostgresBroadcaster(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      NodePools nodes,
      InstantSource clock,
      BroadcastSettings settings,
      RefusalListener refusals,
      BlobSupply blobs) {
    this.unitOfWork = unitOfWork;
    this.progress = new RequestProgress(requests, audit, Actor.system("broadcaster"));
    this.sender = new RawTransactionSender(NodeErrors.load(), blobs);
    this.hidden = new HiddenSending(unitOfWork, progress, sender);
    this.clock = clock;
    this.settings = settings;
    this.refusals = refusals;
    nodes
        .all()
        .forEach(
            node -> {
              channels.put(node.chain(), new ChainChannel(node));
              blobChannels.put(node.chain(), new ChainChannel(node));
            });
  }

  public void start() {
    loop.start();
  }

  @Override
  public void wake() {
    loop.wake();
  }

  /// Claims nothing more, and waits a few seconds for what is on its way.
  @Override
  public void close() {
    loop.close();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /// Claims for the chains that are free, and leaves each chain's to a thread of its own: one slow
  /// chain keeps no other waiting. What has blobs is claimed one at a time, and has threads of its
  /// own: however large it is and however long nodes take over it, nothing else waits for it.
  private Duration dispatch() {
    Instant now = clock.instant();
    boolean more = dispatch(channels, SendQueue.Load.BARE, settings.claimSize(), now);
    more |= dispatch(blobChannels, SendQueue.Load.BLOBS, 1, now);
    return more ? Duration.ZERO : settings.sweepInterval();
  }

  /// @return whether there may be more
  private boolean dispatch(
      Map<ChainId, ChainChannel> ways, SendQueue.Load load, int most, Instant now) {
    Set<ChainId> ready =
        ways.entrySet().stream()
            .filter(channel -> channel.getValue().isReady(now))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    if (ready.isEmpty()) {
      return false;
    }
    List<DueTransaction> claimed = claim(ready, load, most, now);
    claimed.stream()
        .collect(
            Collectors.groupingBy(due -> due.lane().chain(), TreeMap::new, Collectors.toList()))
        .forEach((chain, due) -> hand(chain, ways.get(chain), due));
    return claimed.size() >= most;
  }

  List<DueTransaction> claim(Set<ChainId> ready, Instant now) {
    return claim(ready, SendQueue.Load.BARE, settings.claimSize(), now);
  }

  private List<DueTransaction> claim(
      Set<ChainId> ready, SendQueue.Load load, int most, Instant now) {
    return unitOfWork.inTransaction(
        transaction ->
            SendQueue.claim(
                transaction.unwrap(Handle.class),
                ready,
                load,
                now,
                now.plus(settings.lease()),
                most));
  }

  private void hand(ChainId chain, @Nullable ChainChannel channel, List<DueTransaction> due) {
    if (channel == null) {
      throw new IllegalStateException("claimed for chain " + chain + ", which is not served");
    }
    List<DueTransaction> secret = due.stream().filter(t -> t.hidden().isPresent()).toList();
    if (!secret.isEmpty()) {
      // A relay that hangs keeps nothing waiting that goes by the nodes.
      threads.execute(() -> handHidden(channel.node(), secret));
    }
    List<DueTransaction> open = due.stream().filter(t -> t.hidden().isEmpty()).toList();
    if (open.isEmpty()) {
      return;
    }
    channel.begin();
    threads.execute(
        () -> {
          try {
            send(channel, open);
          } catch (RuntimeException e) {
            // Nothing is lost: the lease runs out and they are due again.
            LOG.error("chain {}: could not record {} broadcasts", chain, open.size(), e);
          } finally {
            channel.end();
            loop.wake();
          }
        });
  }

  private void handHidden(NodePool node, List<DueTransaction> due) {
    try {
      sendHidden(node, due);
    } catch (RuntimeException e) {
      // As with all others: the lease runs out.
      LOG.error("chain {}: could not record {} private sends", node.chain(), due.size(), e);
    } finally {
      loop.wake();
    }
  }

  void send(ChainChannel channel, List<DueTransaction> due) {
    List<DueTransaction> open = due.stream().filter(t -> t.hidden().isEmpty()).toList();
    List<DueTransaction> bare = open.stream().filter(t -> !t.hasBlobs()).toList();
    if (!bare.isEmpty()) {
      sendOpenly(channel, bare);
    }
    for (DueTransaction large : open.stream().filter(DueTransaction::hasBlobs).toList()) {
      record(List.of(large), List.of(sender.sendBlobs(channel.node(), large)));
    }
    List<DueTransaction> secret = due.stream().filter(t -> t.hidden().isPresent()).toList();
    if (!secret.isEmpty()) {
      sendHidden(channel.node(), secret);
    }
  }

  private void sendHidden(NodePool node, List<DueTransaction> due) {
    HiddenSending.Sent sent = hidden.send(node, due, clock.instant());
    record(sent.transactions(), sent.outcomes());
  }

  private void sendOpenly(ChainChannel channel, List<DueTransaction> due) {
    try {
      List<SendOutcome> outcomes = sender.send(channel.node(), due);
      channel.answered();
      record(due, outcomes);
    } catch (NodeUnavailableException e) {
      LOG.warn(
          "chain {}: {} transactions wait to be sent: {}",
          channel.node().chain(),
          due.size(),
          e.getMessage());
      Instant now = clock.instant();
      channel.didNotAnswer(now);
      String error = NodeText.shown(String.valueOf(e.getMessage()));
      unitOfWork.run(t -> SendQueue.giveBack(t.unwrap(Handle.class), due, now, error));
    }
  }

  private void record(List<DueTransaction> due, List<SendOutcome> outcomes) {
    if (due.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    List<SendQueue.Sent> sent = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      sent.add(sent(due.get(i), outcomes.get(i), now));
    }
    unitOfWork.run(
        transaction -> {
          Set<SigningRequestId> first =
              SendQueue.record(transaction.unwrap(Handle.class), sent, now);
          progress.make(
              transaction,
              due.stream()
                  .filter(t -> first.contains(t.request()))
                  .map(t -> step(t, now))
                  .toList());
        });
  }

  private SendQueue.Sent sent(DueTransaction due, SendOutcome outcome, Instant now) {
    return switch (outcome) {
      case SendOutcome.Accepted(boolean isNew) -> {
        // A relay says so each time, and has no pool.
        if (isNew && due.taken() && due.hidden().isEmpty()) {
          dropped(due);
        }
        yield new SendQueue.Sent(due, true, now.plus(again(due)), "");
      }
      case SendOutcome.Refused(ErrorKind kind, String reason) -> {
        refusals.refused(due.lane(), due.nonce(), kind);
        yield notTaken(due, "refused", reason, Optional.of(kind), now);
      }
      case SendOutcome.Unknown(ErrorKind _, String reason) ->
          notTaken(due, "unknown", reason, Optional.empty(), now);
    };
  }

  /// Nobody tells that a pool has dropped something: it shows when it takes it once more.
  private void dropped(DueTransaction due) {
    dropped.computeIfAbsent(due.lane().chain(), _ -> new LongAdder()).increment();
    LOG.info(
        "chain {}: request {}: nonce {} of {}, {}: a node had it in its pool no longer, and has"
            + " taken it again",
        due.lane().chain(),
        due.request(),
        due.nonce(),
        due.lane().address(),
        due.hash());
  }

  /// How often this instance found that a node had dropped what was taken before, by chain.
  public Map<ChainId, Long> dropped() {
    return dropped.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum()));
  }

  /// What is hidden is looked at often, since it may have to become public.
  private Duration again(DueTransaction due) {
    return due.hasBlobs() && due.hidden().isEmpty()
        ? settings.blobRebroadcastInterval()
        : settings.rebroadcastInterval();
  }

  private static SendQueue.Sent notTaken(
      DueTransaction due, String outcome, String reason, Optional<ErrorKind> kind, Instant now) {
    Duration again = retryAfter(due.attempts());
    LOG.warn(
        "chain {}: request {}: nonce {} of {}, {}: {}: {}; sending it again in {}",
        due.lane().chain(),
        due.request(),
        due.nonce(),
        due.lane().address(),
        due.hash(),
        outcome,
        reason,
        again);
    return new SendQueue.Sent(due, false, now.plus(again), outcome + ": " + reason, kind);
  }

  private static Duration retryAfter(int attempts) {
    Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(attempts, 10));
    return wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY;
  }

  private static RequestProgress.Step step(DueTransaction due, Instant now) {
    return new RequestProgress.Step(
        new RequestMove.Broadcast(due.request(), now),
        new AuditEvent.TransactionBroadcast(due.lane().chain(), due.nonce(), due.hash()));
  }
}
