package dev.countersign.audit.search;

import dev.countersign.audit.entry.LogEntry;
import dev.countersign.audit.search.ReadEntries.Read;
import dev.countersign.audit.search.SearchRows.Block;
import dev.countersign.audit.search.SearchRows.Found;
import dev.countersign.audit.store.EntryBodies;
import dev.countersign.core.port.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the log behind its tree, block by block, and notes what each entry is found by. It takes
/// its time: nobody waits for it, and searching looks through what it has not come to. Every
/// instance runs one, and of all of them one at a time works.
public final class EntryIndexer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EntryIndexer.class);

  /// A block has so many entries at least: what is less is looked through quickly.
  static final int SMALLEST = 256;

  private static final int LARGEST = 2048;
  private static final long LOCK = 0x636f756e74736561L;

  /// It rests this many times as long as it worked.
  private static final int REST = 3;

  private static final Duration IDLE = Duration.ofSeconds(1);

  private final UnitOfWork unitOfWork;
  private final EntryBodies bodies;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread thread;

  /// @param unitOfWork with a login that is a member of `countersign_audit`
  public EntryIndexer(UnitOfWork unitOfWork) {
    this(unitOfWork, EntryBodies.HOT);
  }

  /// @param bodies with the archive, where there is one
  public EntryIndexer(UnitOfWork unitOfWork, EntryBodies bodies) {
    this.unitOfWork = unitOfWork;
    this.bodies = bodies;
  }

  /// Begins to work in the background.
  public synchronized void start() {
    if (thread == null) {
      thread = Thread.ofVirtual().name("audit-search").start(this::work);
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }

  /// Reads one block.
  ///
  /// @return whether there may be more
  boolean readOn() {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          if (!isAlone(handle)) {
            return false;
          }
          long from = SearchRows.indexed(handle);
          long to = Math.min(SearchRows.treeSize(handle), from + LARGEST);
          if (to - from < SMALLEST) {
            return false;
          }
          read(handle, from, to);
          return true;
        });
  }

  private static boolean isAlone(Handle handle) {
    return handle
        .createQuery("SELECT pg_try_advisory_xact_lock(:lock)")
        .bind("lock", LOCK)
        .mapTo(Boolean.class)
        .one();
  }

  private void read(Handle handle, long from, long to) {
    List<Found> terms = new ArrayList<>();
    Instant earliest = Instant.MAX;
    Instant latest = Instant.MIN;
    for (Read read : new ReadEntries(handle, bodies).range(from, to, true)) {
      long index = read.index();
      read.terms().stream()
          .map(EntryTerms::hash)
          .distinct()
          .forEach(term -> terms.add(new Found(term, index)));
      Optional<Instant> at = read.entry().map(LogEntry::at);
      if (at.isPresent()) {
        earliest = at.get().isBefore(earliest) ? at.get() : earliest;
        latest = at.get().isAfter(latest) ? at.get() : latest;
      }
    }
    if (earliest.isAfter(latest)) { // nothing there can be read
      earliest = Instant.EPOCH;
      latest = Instant.EPOCH;
    }
    SearchRows.insert(handle, new Block(from, to, earliest, latest), terms);
  }

  private void work() {
    try {
      Duration rest = Duration.ZERO;
      while (!closed.await(rest.toNanos(), TimeUnit.NANOSECONDS)) {
        rest = step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody but a stopping process does
    }
  }

  private Duration step() {
    long began = System.nanoTime();
    try {
      return readOn() ? Duration.ofNanos((System.nanoTime() - began) * REST) : IDLE;
    } catch (RuntimeException e) {
      LOG.warn("reading entries for the search failed; searching takes longer, and misses none", e);
      return IDLE.multipliedBy(10);
    }
  }
}
