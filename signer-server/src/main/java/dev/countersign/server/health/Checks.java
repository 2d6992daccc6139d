package dev.countersign.server.health;

import java.util.List;

/// All checks, in the order in which they are told.
public record Checks(List<Check> all) {
  public Checks {
    all = List.copyOf(all);
  }
}
