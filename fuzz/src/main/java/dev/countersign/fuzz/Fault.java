package dev.countersign.fuzz;

/// A parser did what it must not do.
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Fault(String message) {
    super(message);
  }

  static void unless(boolean holds, String otherwise) {
    if (!holds) {
      throw new Fault(otherwise);
    }
  }
}
