package dev.countersign.core.port;

/// Sends what was signed to the chain's nodes and follows it until it is final.
public interface Broadcaster {

  /// There may be something new to send. Returns at once; a lost call costs only time, since what
  /// is signed and not sent is found in the database anyway.
  void wake();
}
