package dev.countersign.server.health;

import java.util.Optional;

/// Something the server needs to do its work.
///
/// @param name as it stands in the answer, such as `database`
/// @param problem why it cannot be used now; nothing when it can, as far as is known. Quick, and
/// may block for seconds at most
/// @param vital whether nothing at all can be done without it; else the server works on without it,
/// and only says so
public record Check(String name, Problem problem, boolean vital) {

  /// Looks now.
  @FunctionalInterface
  public interface Problem {
    Optional<String> find();
  }
}
