package dev.countersign.audit.search;

import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.LogEntry;
import dev.countersign.audit.entry.MalformedEntryException;
import dev.countersign.audit.search.SearchRows.Placed;
import dev.countersign.core.model.Bytes;
import java.util.ArrayList;
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
  private ReadEntries() {}

  /// @param entry nothing when it cannot be read: then somebody has changed it, or a newer version
  ///     wrote it
  record Read(Placed placed, Optional<LogEntry> entry, Set<String> terms) {}

  /// In the order of `entries`.
  ///
  /// @param ofRequests whether with the terms that later entries have from the first of their
  ///     request
  static List<Read> of(Handle handle, List<Placed> entries, boolean ofRequests) {
    Map<UUID, Set<String>> origins = new HashMap<>();
    Set<UUID> elsewhere = new HashSet<>();
    Map<Long, LogEntry> decoded = new HashMap<>();
    for (Placed placed : entries) {
      decode(placed.body()).ifPresent(entry -> decoded.put(placed.index(), entry));
      placed.request().filter(_ -> ofRequests).ifPresent(elsewhere::add);
    }
    SearchRows.firstEntries(handle, elsewhere)
        .forEach(
            (request, body) ->
                decode(body).ifPresent(first -> origins.put(request, EntryTerms.inherited(first))));
    List<Read> read = new ArrayList<>();
    for (Placed placed : entries) {
      Optional<LogEntry> entry = Optional.ofNullable(decoded.get(placed.index()));
      Set<String> terms = entry.map(EntryTerms::of).orElseGet(HashSet::new);
      placed
          .request()
          .map(request -> origins.getOrDefault(request, Set.of()))
          .ifPresent(terms::addAll);
      read.add(new Read(placed, entry, terms));
    }
    return read;
  }

  private static Optional<LogEntry> decode(Bytes body) {
    try {
      return Optional.of(EntryDecoder.decode(body.toArray()));
    } catch (MalformedEntryException e) {
      return Optional.empty();
    }
  }
}
