package dev.countersign.audit.search;

import dev.countersign.audit.search.ReadEntries.Read;
import dev.countersign.audit.store.EntryBodies;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.UnitOfWork;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/// Finds entries under the latest checkpoint, in the order of the log. What the index does not know
/// yet is looked through, so nothing is missed however far behind it is; and every entry that is
/// given was read and compared, whatever the index says.
///
/// An entry that cannot be read is only found by the filter that names nothing:
/// verification is what tells of it.
public final class EntrySearch {
  /// How many entries one call looks at at most, beyond which it answers with what it has.
  private static final int MOST_EXAMINED = 8192;

  private static final int MOST_AT_ONCE = 512;
  private static final int LEAST_AT_ONCE = 32;

  private final UnitOfWork unitOfWork;
  private final EntryBodies bodies;

  public EntrySearch(UnitOfWork unitOfWork) {
    this(unitOfWork, EntryBodies.HOT);
  }

  /// @param bodies with the archive, where there is one
  public EntrySearch(UnitOfWork unitOfWork, EntryBodies bodies) {
    this.unitOfWork = unitOfWork;
    this.bodies = bodies;
  }

  /// An entry that was found.
  ///
  /// @param entry for [dev.countersign.audit.entry.EntryDecoder]
  public record Found(long index, Bytes entry) {}

  /// What one call found.
  ///
  /// @param next where to go on; all that matches below it has been given
  /// @param size how many entries the log had: nothing more is to be found when `next` is there
  public record Page(List<Found> entries, long next, long size) {
    public Page {
      entries = List.copyOf(entries);
    }

    public boolean isLast() {
      return next >= size;
    }
  }

  /// How many entries there are to search.
  public long size() {
    return unitOfWork.inTransaction(
        transaction -> SearchRows.treeSize(transaction.unwrap(Handle.class)));
  }

  /// The next entries that match. It may give fewer than `limit`, none even, and not be the last.
  ///
  /// @param from the first place to look at
  /// @throws dev.countersign.audit.store.ArchiveUnavailableException when what it has to look at
  /// was archived, and the archive is not there
  public Page find(EntryFilter filter, long from, int limit) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          long size = SearchRows.treeSize(handle);
          Looking looking =
              new Looking(handle, bodies, filter, size, SearchRows.indexed(handle), limit);
          return looking.from(Math.max(0, from));
        });
  }

  /// One call.
  private static final class Looking {
    private final Handle handle;
    private final ReadEntries entries;
    private final EntryFilter filter;
    private final long size;
    private final long indexed;
    private final int limit;
    private final List<Found> found = new ArrayList<>();
    private int examined;
    private int atOnce;

    Looking(
        Handle handle, EntryBodies bodies, EntryFilter filter, long size, long indexed, int limit) {
      this.handle = handle;
      this.entries = new ReadEntries(handle, bodies);
      this.filter = filter;
      this.size = size;
      this.indexed = Math.min(indexed, size);
      this.limit = limit;
      this.atOnce = Math.clamp(limit, LEAST_AT_ONCE, MOST_AT_ONCE);
    }

    Page from(long from) {
      long next = from;
      while (found.size() < limit && next < size && examined < MOST_EXAMINED) {
        next = step(next);
        atOnce = Math.min(2 * atOnce, MOST_AT_ONCE);
      }
      return new Page(found, next, size);
    }

    /// @return where to go on
    private long step(long from) {
      if (filter.request().isPresent()) {
        List<Long> places =
            SearchRows.ofRequest(handle, filter.request().get().value(), from, size, atOnce);
        return take(
            entries.at(places, filter.asksOfRequests()),
            isFull(places) ? places.getLast() + 1 : size);
      }
      if (from < indexed && !filter.terms().isEmpty()) {
        List<Long> places = SearchRows.withTerms(handle, filter, from, indexed, atOnce);
        return take(
            entries.at(places, filter.asksOfRequests()),
            isFull(places) ? places.getLast() + 1 : indexed);
      }
      if (from < indexed && (filter.since().isPresent() || filter.until().isPresent())) {
        OptionalLong start = SearchRows.nextInTime(handle, filter, from);
        return start.isEmpty() ? indexed : through(start.getAsLong());
      }
      return through(from);
    }

    private long through(long from) {
      long to = Math.min(size, from + atOnce);
      return take(entries.range(from, to, filter.asksOfRequests()), to);
    }

    private boolean isFull(List<Long> places) {
      return places.size() == atOnce;
    }

    /// @param next where to go on when all of `read` were looked at
    private long take(List<Read> read, long next) {
      for (Read one : read) {
        examined++;
        if (matches(one)) {
          found.add(new Found(one.index(), one.body()));
          if (found.size() == limit) {
            return one.index() + 1;
          }
        }
      }
      return next;
    }

    private boolean matches(Read read) {
      return filter.equals(EntryFilter.ANY)
          || read.entry().map(entry -> filter.matches(entry, read.terms())).orElse(false);
    }
  }
}
