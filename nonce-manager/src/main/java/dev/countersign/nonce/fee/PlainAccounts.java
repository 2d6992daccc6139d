package dev.countersign.nonce.fee;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.core.port.Lane;
import java.time.Duration;

/// The accounts that were just seen to have no code and to take a transfer for 21,000 gas. Not for
/// long: a contract may be made at any address.
final class PlainAccounts {
  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private final Cache<Lane, Boolean> known =
      Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(MOST).build();

  boolean has(Lane account) {
    return known.getIfPresent(account) != null;
  }

  void add(Lane account) {
    known.put(account, true);
  }
}
