package dev.countersign.policy.rule;

/// The name of one counter: a limit of a rule, for one asset, and for one value of each dimension
/// the limit counts apart. Such as `pay-exchanges/daily eip155:1/slip44:60 wallet=hot-1`. ASCII, so
/// that Java and the database (collation C) sort it alike: scopes are locked in this order.
///
/// It holds the names of rule and limit, and not the policy's version: a counter goes on when the
/// policy is changed around it, and starts anew when its rule, its limit, or what it counts apart
/// is renamed.
public record ScopeKey(String text) implements Comparable<ScopeKey> {
  @Override
  public int compareTo(ScopeKey other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
