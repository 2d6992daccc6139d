package dev.countersign.nonce.chain;

/// Kinds of transactions that a chain takes (EIP-2718).
public enum TransactionType {
  /// Without a type; with the chain id in its signature (EIP-155).
  LEGACY("legacy"),
  /// Type 1: with an access list.
  EIP2930("eip2930"),
  /// Type 2: with a fee cap and a tip.
  EIP1559("eip1559"),
  /// Type 3: with blobs.
  EIP4844("eip4844"),
  /// Type 4: sets the code of accounts.
  EIP7702("eip7702");

  private final String text;

  TransactionType(String text) {
    this.text = text;
  }

  /// As definitions write it.
  public String text() {
    return text;
  }
}
