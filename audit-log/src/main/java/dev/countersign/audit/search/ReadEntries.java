package dev.countersign.audit.search;

import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.LogEntry;
import dev.countersign.audit.entry.MalformedEntryException;
import dev.countersign.audit.store.EntryBodies;
import dev.countersign.audit.store.EntryBodies.Placed;
import dev.countersign.core.model.Bytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Entries with the terms they are found by.
final class ReadEntries {
  private final Handle handle;
  private final EntryBodies bodies;

  ReadEntries(Handle handle, EntryBodies bodies) {
    this.handle = handle;
    this.bodies = bodies;
  }

  /// @param entry nothing when it cannot be read: then somebody has changed it, or a newer version
  ///     wrote it
  record Read(long index, Bytes body, Optional<LogEntry> entry, Set<String> terms) {}

  /// The entries of `[from, to)` that are there, in order.
  ///
  /// @param ofRequests whether with the terms that later entries have from the first of their
  ///     request
  List<Read> range(long from, long to, boolean ofRequests) {
    return read(bodies.range(handle, from, to), ofRequests);
  }

  /// Those of `indexes` that are there, in order.
  ///
  /// @param ofRequests as in [#range]
  List<Read> at(Collection<Long> indexes, boolean ofRequests) {
    return read(bodies.at(handle, indexes), ofRequests);
  }

  private List<Read> read(List<Placed> places, boolean ofRequests) {
    Map<UUID, Set<String>> origins = ofRequests ? origins(places) : Map.of();
    List<Read> read = new ArrayList<>();
    for (Placed placed : places) {
      if (placed.body().isEmpty()) {
        continue;
      }
      Bytes body = placed.body().get();
      Optional<LogEntry> entry = decode(body);
      Set<String> terms = entry.map(EntryTerms::of).orElseGet(HashSet::new);
      placed
          .request()
          .map(request -> origins.getOrDefault(request, Set.of()))
          .ifPresent(terms::addAll);
      read.add(new Read(placed.index(), body, entry, terms));
    }
    return read;
  }

  private Map<UUID, Set<String>> origins(List<Placed> places) {
    Set<UUID> requests = new HashSet<>();
    places.forEach(placed -> placed.request().ifPresent(requests::add));
    Map<UUID, Long> first = SearchRows.firstPlaces(handle, requests);
    Map<Long, Set<String>> terms = new HashMap<>();
    bodies
        .at(handle, first.values())
        .forEach(
            placed ->
                placed
                    .body()
                    .flatMap(ReadEntries::decode)
                    .ifPresent(entry -> terms.put(placed.index(), EntryTerms.inherited(entry))));
    Map<UUID, Set<String>> origins = new HashMap<>();
    first.forEach((request, index) -> origins.put(request, terms.getOrDefault(index, Set.of())));
    return origins;
  }

  private static Optional<LogEntry> decode(Bytes body) {
    try {
      return Optional.of(EntryDecoder.decode(body.toArray()));
    } catch (MalformedEntryException e) {
      return Optional.empty();
    }
  }
}
