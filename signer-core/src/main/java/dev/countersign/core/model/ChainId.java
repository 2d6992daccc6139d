package dev.countersign.core.model;

import java.util.regex.Pattern;

/// A chain by its CAIP-2 id, such as `eip155:1`. Only the `eip155` namespace so far.
public record ChainId(String caip2) implements Comparable<ChainId> {
  private static final Pattern EIP155 = Pattern.compile("eip155:([1-9][0-9]{0,17})");

  /// @throws InvalidValueException when it is not a CAIP-2 id of the `eip155` namespace
  public ChainId {
    if (!EIP155.matcher(caip2).matches()) {
      throw InvalidValueException.of("chain", caip2, "a CAIP-2 id such as eip155:1");
    }
  }

  public static ChainId ofEip155(long reference) {
    return new ChainId("eip155:" + reference);
  }

  /// The number that EIP-155 puts into a transaction.
  public long eip155() {
    return Long.parseLong(caip2, caip2.indexOf(':') + 1, caip2.length(), 10);
  }

  @Override
  public int compareTo(ChainId other) {
    return caip2.compareTo(other.caip2);
  }

  @Override
  public String toString() {
    return caip2;
  }
}
