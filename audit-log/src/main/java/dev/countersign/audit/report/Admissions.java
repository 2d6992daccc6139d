package dev.countersign.audit.report;

import dev.countersign.audit.entry.LogEntry;
import java.util.HashMap;
import java.util.Map;

/// What is in flight: requests that were admitted and have not ended, so that a signature can be
/// told with what it is for. As many are kept as were in flight at once, and those that never
/// ended.
final class Admissions {
  static final Admission UNKNOWN = new Admission("", Map.of(), "");

  private final Map<String, Admission> byRequest = new HashMap<>();

  /// What an admission said.
  ///
  /// @param index of its entry; empty when the log has none
  /// @param details see [LogEntry#details]; without what policy observed
  record Admission(String index, Map<String, String> details, String client) {
    String detail(String path) {
      return details.getOrDefault(path, "");
    }
  }

  /// Every entry of the log comes by here, of whatever time, in its order.
  void see(long index, LogEntry entry) {
    entry
        .request()
        .ifPresent(
            request -> {
              switch (entry.type()) {
                case "request-admitted", "message-admitted" ->
                    byRequest.put(request, admission(index, entry));
                case "request-failed", "transaction-confirmed", "message-signed" ->
                    byRequest.remove(request);
                default -> {}
              }
            });
  }

  /// What is known of an entry's request.
  Admission of(LogEntry entry) {
    return entry.request().map(byRequest::get).orElse(UNKNOWN);
  }

  private static Admission admission(long index, LogEntry entry) {
    Map<String, String> kept = new HashMap<>();
    for (String path :
        new String[] {
          "wallet",
          "intent.kind",
          "intent.to",
          "intent.token",
          "intent.value",
          "policy.number",
          "rule"
        }) {
      kept.put(path, entry.details().getOrDefault(path, ""));
    }
    return new Admission(Long.toString(index), kept, entry.actorName());
  }
}
