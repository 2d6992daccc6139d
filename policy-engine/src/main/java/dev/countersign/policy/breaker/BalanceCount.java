package dev.countersign.policy.breaker;

/// What a breaker adds up of a balance.
public enum BalanceCount {
  /// How far it is below the most that it was, for whatever reason.
  DROP("balance-drop"),
  /// What left it and no transaction of ours explains.
  UNEXPLAINED("unexplained-decrease");

  private final String word;

  BalanceCount(String word) {
    this.word = word;
  }

  /// As policies write it.
  String word() {
    return word;
  }
}
