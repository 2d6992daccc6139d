package dev.countersign.audit.verify;

import dev.countersign.core.model.Bytes;

/// Told each entry of a log while the log is verified, in its order, from the bytes that are
/// hashed: what it was told is what was verified, if the verification ends well, and nothing if it
/// does not.
@FunctionalInterface
public interface EntryVisitor {
  EntryVisitor NONE = (index, entry) -> {};

  /// @param index from 0 on, without a gap
  void entry(long index, Bytes entry);
}
