package dev.countersign.nonce.broadcast;

import java.time.Duration;

/// How eagerly transactions are sent.
///
/// @param sweepInterval how often the database is looked at without being woken
/// @param rebroadcastInterval how long after a node took it a transaction that is not mined is
/// sent again, since nodes forget
/// @param blobRebroadcastInterval the same for what has blobs and goes by the nodes: it is large,
/// and nodes keep such transactions over a restart
/// @param lease how long a transaction is left to the instance that is sending it
/// @param claimSize the most transactions that are claimed at once
public record BroadcastSettings(
    Duration sweepInterval,
    Duration rebroadcastInterval,
    Duration blobRebroadcastInterval,
    Duration lease,
    int claimSize) {

  public static final BroadcastSettings DEFAULT =
      new BroadcastSettings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(15),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10),
          200);
}
