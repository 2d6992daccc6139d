package dev.countersign.testenv.process;

/// The POSIX signals a process is asked to stop with.
public enum Signal {
  /// Interrupt. PostgreSQL: fast shutdown, sessions are ended and a checkpoint is written.
  INT,
  /// Terminate.
  TERM,
  /// Cannot be caught.
  KILL
}
