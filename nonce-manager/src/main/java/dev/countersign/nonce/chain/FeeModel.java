package dev.countersign.nonce.chain;

/// How a chain asks for its fees.
public enum FeeModel {
  /// A base fee and a tip on top (EIP-1559).
  EIP1559("eip1559"),
  /// One gas price and no base fee.
  LEGACY("legacy"),
  /// EIP-1559 and, apart from gas, a fee for what the transaction costs on the parent chain, which
  /// the sender's balance must cover as well (OP stack).
  OP_STACK("op-stack"),
  /// EIP-1559 without a tip that counts; the cost on the parent chain is part of the gas used
  /// (Arbitrum).
  ARBITRUM("arbitrum");

  private final String text;

  FeeModel(String text) {
    this.text = text;
  }

  /// As definitions write it.
  public String text() {
    return text;
  }

  /// Whether its blocks have a base fee.
  public boolean hasBaseFee() {
    return switch (this) {
      case EIP1559, OP_STACK, ARBITRUM -> true;
      case LEGACY -> false;
    };
  }
}
