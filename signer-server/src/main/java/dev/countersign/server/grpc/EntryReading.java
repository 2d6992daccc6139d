package dev.countersign.server.grpc;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.EntryFilter;
import dev.countersign.api.v1.IndexedEntry;
import dev.countersign.api.v1.SearchEntriesRequest;
import dev.countersign.api.v1.SearchEntriesResponse;
import dev.countersign.api.v1.StreamEntriesRequest;
import dev.countersign.api.v1.StreamEntriesResponse;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.search.EntrySearch;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.core.request.SigningRequestId;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/// Searching and streaming the entries of the log.
final class EntryReading {
  private static final int DEFAULT_PAGE = 50;
  private static final int LARGEST_PAGE = 500;
  private static final int STEP = 256;
  private static final FieldReader FIELDS = new FieldReader("");

  /// How often a follower looks for new entries: two looks a checkpoint.
  private static final Duration GLANCE = Duration.ofMillis(100);

  /// How often it looks whether a slow caller has taken what was sent.
  private static final Duration BREATH = Duration.ofMillis(5);

  private final EntrySearch search;

  EntryReading(EntrySearch search) {
    this.search = search;
  }

  SearchEntriesResponse page(SearchEntriesRequest request) {
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    if (size < 1 || size > LARGEST_PAGE) {
      throw FIELDS.refused(
          "page_size", Code.MALFORMED, "page_size is %d, expected 1 to 500".formatted(size));
    }
    long from =
        request.getPageToken().isEmpty()
            ? 0
            : FIELDS.read(
                "page_token", Code.MALFORMED, request.getPageToken(), EntryReading::place);
    EntrySearch.Page page = search.find(filter(request.getFilter()), from, size);
    return SearchEntriesResponse.newBuilder()
        .addAllEntries(page.entries().stream().map(EntryReading::message).toList())
        .setNextPageToken(page.isLast() ? "" : Long.toString(page.next()))
        .build();
  }

  /// Returns when the stream is to be completed.
  void stream(
      StreamEntriesRequest request, ServerCallStreamObserver<StreamEntriesResponse> answer) {
    var filter = filter(request.getFilter());
    if (request.getFromIndex() < 0) {
      throw FIELDS.refused("from_index", Code.MALFORMED, "from_index is above 2^63-1");
    }
    long next = request.getFromIndex();
    try {
      while (!Context.current().isCancelled()) {
        EntrySearch.Page page = search.find(filter, next, STEP);
        if (!send(page, next, answer)) {
          return;
        }
        next = Math.max(next, page.next());
        if (page.isLast()) {
          if (!request.getFollow()) {
            return;
          }
          waitForMore(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return false when the caller is gone
  private static boolean send(
      EntrySearch.Page page, long from, ServerCallStreamObserver<StreamEntriesResponse> answer)
      throws InterruptedException {
    for (EntrySearch.Found found : page.entries()) {
      if (!ready(answer)) {
        return false;
      }
      answer.onNext(
          StreamEntriesResponse.newBuilder()
              .setEntry(message(found))
              .setNextIndex(found.index() + 1)
              .build());
    }
    boolean passedMore =
        page.entries().isEmpty() || page.entries().getLast().index() + 1 < page.next();
    if (passedMore && page.next() > from && ready(answer)) {
      answer.onNext(StreamEntriesResponse.newBuilder().setNextIndex(page.next()).build());
    }
    return true;
  }

  private static boolean ready(ServerCallStreamObserver<StreamEntriesResponse> answer)
      throws InterruptedException {
    while (!answer.isReady()) {
      if (Context.current().isCancelled()) {
        return false;
      }
      Thread.sleep(BREATH);
    }
    return true;
  }

  private void waitForMore(long next) throws InterruptedException {
    while (search.size() <= next && !Context.current().isCancelled()) {
      Thread.sleep(GLANCE);
    }
  }

  private static dev.countersign.audit.search.EntryFilter filter(EntryFilter filter) {
    return new dev.countersign.audit.search.EntryFilter(
        given("filter.request", filter.getRequest(), SigningRequestId::parse),
        given("filter.wallet", filter.getWallet(), Function.identity()),
        given("filter.actor", filter.getActor(), Function.identity()),
        given("filter.address", filter.getAddress(), Address::parse),
        given("filter.type", filter.getType(), EntryReading::type),
        filter.hasSince() ? Optional.of(time("filter.since", filter.getSince())) : Optional.empty(),
        filter.hasUntil()
            ? Optional.of(time("filter.until", filter.getUntil()))
            : Optional.empty());
  }

  private static <T> Optional<T> given(String field, String value, Function<String, T> parse) {
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(FIELDS.read(field, Code.MALFORMED, value, parse));
  }

  private static String type(String name) {
    if (!EntryDecoder.types().contains(name)) {
      throw InvalidValueException.of("type", name, "one of " + EntryDecoder.types());
    }
    return name;
  }

  private static Instant time(String field, Timestamp given) {
    try {
      Instant at = Instant.ofEpochSecond(given.getSeconds(), given.getNanos());
      if (at.isAfter(Instant.parse("0001-01-01T00:00:00Z"))
          && at.isBefore(Instant.parse("9999-12-31T00:00:00Z"))) {
        return at;
      }
    } catch (DateTimeException | ArithmeticException e) {
      // said below
    }
    throw FIELDS.refused(field, Code.MALFORMED, field + " is not within the years 1 to 9999");
  }

  private static long place(String token) {
    try {
      long place = Long.parseLong(token);
      if (place >= 0) {
        return place;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw InvalidValueException.of("page_token", token, "a next_page_token of this method");
  }

  private static IndexedEntry message(EntrySearch.Found found) {
    return IndexedEntry.newBuilder()
        .setIndex(found.index())
        .setEntry(RequestMessages.bytes(found.entry()))
        .setLeafHash(RequestMessages.bytes(TreeHash.leaf(found.entry().toArray()).bytes()))
        .build();
  }
}
