package dev.countersign.policy.breaker;

/// What a breaker adds up.
public enum BreakerCount {
  /// Requests that were allowed: each is to become a signature.
  SIGNATURES("signatures", "signatures"),
  /// Requests that were denied, but for those of what is frozen.
  DENIALS("denials", "denials"),
  /// What was allowed to leave in the native asset, besides gas, in wei; on each chain apart.
  NATIVE_VALUE("native-value", "wei");

  private final String word;
  private final String unit;

  BreakerCount(String word, String unit) {
    this.word = word;
    this.unit = unit;
  }

  /// As policies write it.
  String word() {
    return word;
  }

  String unit() {
    return unit;
  }
}
