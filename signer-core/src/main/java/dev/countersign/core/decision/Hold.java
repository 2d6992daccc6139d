package dev.countersign.core.decision;

import java.time.Instant;
import java.util.List;

/// What a request that is allowed still waits for.
///
/// @param rules those that demand it, in the policy's order
/// @param kind what it waits for now
/// @param until when an approval comes too late, or when the time lock opens
/// @param reason what is missing, in words for the client
public record Hold(List<String> rules, Kind kind, Instant until, String reason) {
  public Hold {
    rules = List.copyOf(rules);
  }

  /// What it waits for.
  public enum Kind {
    APPROVALS,
    TIME_LOCK
  }
}
