package dev.countersign.testenv;

/// Told about steps that may take longer than a person expects, before they start.
@FunctionalInterface
public interface Progress {
  /// Nobody listens.
  Progress SILENT = step -> {};

  /// A step begins.
  ///
  /// @param step one short line, such as `unpacking PostgreSQL 18.6`
  void starting(String step);
}
