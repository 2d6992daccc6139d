package dev.countersign.nonce.node;

/// What came of asking several endpoints the same.
///
/// @param <T> what they were asked for
public sealed interface Agreement<T> {

  /// So many endpoints say this as the chain's quorum asks for.
  record Agreed<T>(T value) implements Agreement<T> {}

  /// No answer has the quorum: nothing may be concluded.
  ///
  /// @param detail what was said how often
  record Split<T>(String detail) implements Agreement<T> {}
}
