package dev.countersign.core.evm;

/// Kinds of transactions (EIP-2718).
public enum TransactionType {
  /// Without a type; with the chain id in its signature (EIP-155).
  LEGACY("legacy", 0),
  /// With an access list.
  EIP2930("eip2930", 1),
  /// With a fee cap and a tip.
  EIP1559("eip1559", 2),
  /// With blobs.
  EIP4844("eip4844", 3),
  /// Sets the code of accounts.
  EIP7702("eip7702", 4);

  private final String text;
  private final int number;

  TransactionType(String text, int number) {
    this.text = text;
    this.number = number;
  }

  /// As chain definitions write it.
  public String text() {
    return text;
  }

  /// The first byte of its encoding; a legacy transaction has none, and is counted as 0.
  public int number() {
    return number;
  }
}
