package dev.countersign.endtoend;

/// How the chains of a deployment are followed.
///
/// @param balanceInterval between two readings of balances, as a chain definition has it
record ChainPace(int confirmations, String balanceInterval) {
  static final ChainPace FAST = new ChainPace(1, "500ms");
}
