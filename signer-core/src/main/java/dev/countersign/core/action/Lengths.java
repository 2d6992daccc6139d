package dev.countersign.core.action;

import java.util.List;

/// Arrays that belong together item by item.
final class Lengths {
  private Lengths() {}

  static void same(String function, List<?> one, List<?> other) throws OpaqueException {
    if (one.size() != other.size()) {
      throw new OpaqueException(
          "%s: expected arrays of one length, got %d and %d items"
              .formatted(function, one.size(), other.size()));
    }
  }
}
