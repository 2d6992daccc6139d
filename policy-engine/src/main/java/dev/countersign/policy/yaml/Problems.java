package dev.countersign.policy.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong, so that one reading of a document tells all of it.
public final class Problems {
  private static final int MOST = 100;

  private final List<Problem> found = new ArrayList<>();

  /// Notes one; those after the hundredth are dropped.
  public void add(Position at, String path, String message) {
    if (found.size() < MOST) {
      found.add(new Problem(at, path, message));
    }
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  /// In the order of the document.
  public List<Problem> all() {
    return found.stream().sorted(Comparator.comparing(Problem::at)).toList();
  }
}
