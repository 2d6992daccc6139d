package dev.countersign.core.balance;

import dev.countersign.core.model.Address;

/// Nonces of an account that were mined meanwhile.
///
/// @param from the first
/// @param to the one after the last
public record NonceSpan(Address account, long from, long to) {
  public NonceSpan {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("nonces from %d to before %d".formatted(from, to));
    }
  }

  public long size() {
    return to - from;
  }
}
