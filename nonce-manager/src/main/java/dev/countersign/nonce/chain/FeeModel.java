package dev.countersign.nonce.chain;

/// How a chain asks for its fees.
public enum FeeModel {
  /// A base fee that the chain burns and a tip on top (EIP-1559).
  EIP1559("eip1559");

  private final String text;

  FeeModel(String text) {
    this.text = text;
  }

  /// As definitions write it.
  public String text() {
    return text;
  }
}
