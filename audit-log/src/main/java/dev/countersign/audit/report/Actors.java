package dev.countersign.audit.report;

import dev.countersign.audit.entry.LogEntry;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who did what the entries say, and how much of it.
final class Actors {
  private final SortedMap<Actor, Acts> byActor =
      new TreeMap<>(
          Comparator.comparing(Actor::kind)
              .thenComparing(Actor::name)
              .thenComparing(Actor::authentication));

  private record Actor(String kind, String name, String authentication) {}

  private record Acts(long entries, long first, long last) {}

  void see(long index, LogEntry entry) {
    byActor.merge(
        new Actor(entry.actorKind(), entry.actorName(), entry.authentication()),
        new Acts(1, index, index),
        (before, now) -> new Acts(before.entries() + 1, before.first(), now.last()));
  }

  /// The rows of [Section#ACTORS].
  List<List<String>> rows() {
    return byActor.entrySet().stream()
        .map(
            entry ->
                List.of(
                    entry.getKey().kind(),
                    entry.getKey().name(),
                    entry.getKey().authentication(),
                    Long.toString(entry.getValue().entries()),
                    Long.toString(entry.getValue().first()),
                    Long.toString(entry.getValue().last())))
        .toList();
  }
}
