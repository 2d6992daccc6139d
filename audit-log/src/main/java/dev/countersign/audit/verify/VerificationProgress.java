package dev.countersign.audit.verify;

/// Told how far a verification has come.
@FunctionalInterface
public interface VerificationProgress {
  VerificationProgress NONE = (checked, total) -> {};

  /// @param checked how many entries were read
  /// @param total how many there are
  void checked(long checked, long total);
}
