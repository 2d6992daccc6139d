package dev.countersign.nonce.broadcast;

/// What came of sending signed bytes to a node. Whatever it is, the bytes stay the same: one that
/// is not taken is sent again later.
sealed interface SendOutcome {
  /// The node has it, or has had it: it is in its pool or mined.
  ///
  /// @param isNew whether it had not had it when it was asked
  record Accepted(boolean isNew) implements SendOutcome {}

  /// The node said no, in words that are known to mean that it has not kept it.
  record Refused(ErrorKind kind, String reason) implements SendOutcome {}

  /// The node may have it or not.
  record Unknown(ErrorKind kind, String reason) implements SendOutcome {}
}
