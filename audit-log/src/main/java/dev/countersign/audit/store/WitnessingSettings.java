package dev.countersign.audit.store;

import java.time.Duration;

/// How a [Witnessing] paces itself.
///
/// @param poll how often to look for a new checkpoint
/// @param pollAwaited how often while somebody waits for one to be witnessed
/// @param timeout how long a witness has for an answer
/// @param straggle how long witnesses are waited for that are slower than the quorum, before the
/// next checkpoint is their turn
/// @param firstRetry how long to leave a witness alone that did not cosign; doubles each time
/// @param lastRetry the longest that it is left alone
/// @param lease how long an instance that died keeps the others from taking over
public record WitnessingSettings(
    Duration poll,
    Duration pollAwaited,
    Duration timeout,
    Duration straggle,
    Duration firstRetry,
    Duration lastRetry,
    Duration lease) {
  public static final WitnessingSettings DEFAULT =
      new WitnessingSettings(
          Duration.ofMillis(250),
          Duration.ofMillis(50),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofSeconds(15));
}
