package dev.countersign.audit.entry;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// An entry read back from its bytes, to be shown. Texts that were cut say so.
///
/// @param type such as `request-admitted`
/// @param actorKind `client` or `system`
/// @param subject a kind, a colon and a name, such as `wallet:hot-1`
/// @param request the id of the request, when it belongs to one
/// @param requestDigest of the request, when it belongs to one
/// @param details the fields of the event by their paths, such as `intent.to`
public record LogEntry(
    Instant at,
    String type,
    String actorKind,
    String actorName,
    String authentication,
    String subject,
    Optional<String> request,
    Optional<String> requestDigest,
    SortedMap<String, String> details) {
  public LogEntry {
    details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
  }
}
