package dev.countersign.core.port;

/// Hears that somebody else has used the key of an account, and stops signing where policy says so.
@FunctionalInterface
public interface ForeignUseGuard {

  /// Called in the transaction that pauses the lane and writes the alarm down, once for each alarm.
  ///
  /// @param detail what was seen, for whoever is stopped by it
  void judge(Transaction transaction, Lane lane, String detail);
}
