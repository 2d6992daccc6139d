package dev.countersign.audit.store;

import dev.countersign.audit.store.CutLine.Break;

/// Something that can happen to a log. Writers are named by a number: of those that are open, the
/// one whose turn that is; where none is open, nothing happens.
sealed interface LifeStep {

  /// A transaction begins, and appends.
  ///
  /// @param entries how many
  record Begin(int entries) implements LifeStep {}

  /// An open transaction appends more.
  record Append(int writer, int entries) implements LifeStep {}

  /// An open transaction appends more, and takes that back.
  record AppendAndTakeBack(int writer, int entries) implements LifeStep {}

  /// An open transaction is committed.
  record Commit(int writer) implements LifeStep {}

  /// An open transaction is rolled back.
  record RollBack(int writer) implements LifeStep {}

  /// The session of an open transaction is killed.
  record Kill(int writer) implements LifeStep {}

  /// The integrator makes a pass.
  ///
  /// @param batch the most entries of it
  record Pass(int batch) implements LifeStep {}

  /// The integrator makes a pass that breaks off.
  ///
  /// @param at which statement of it; the commit is the last
  record BrokenPass(int batch, int at, Break how) implements LifeStep {}

  /// The integrator makes a pass, and its key does not sign.
  record UnsignedPass(int batch) implements LifeStep {}

  /// Another integrator makes a pass while the first signs, and finds it at work.
  record PassAtOnce(int batch, int otherBatch) implements LifeStep {}

  /// The integrator loses its session, and with it its lock, while it signs; another makes a pass
  /// in its place before the first goes on.
  record LostLock(int batch, int otherBatch) implements LifeStep {}

  /// The integrator is started anew.
  record Restart() implements LifeStep {}

  /// The integrator is started anew, and that breaks off.
  record BrokenRestart(int at, Break how) implements LifeStep {}
}
