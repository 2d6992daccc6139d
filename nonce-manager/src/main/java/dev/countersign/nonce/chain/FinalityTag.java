package dev.countersign.nonce.chain;

/// Block tags by which nodes name blocks that stay, as the Ethereum execution API has them.
public enum FinalityTag {
  /// Unlikely to be reorganised: justified on Ethereum, posted to the parent chain on a rollup.
  SAFE("safe"),
  /// Not to be reorganised by the chain's own rules.
  FINALIZED("finalized");

  private final String text;

  FinalityTag(String text) {
    this.text = text;
  }

  /// As definitions and JSON-RPC write it.
  public String text() {
    return text;
  }
}
