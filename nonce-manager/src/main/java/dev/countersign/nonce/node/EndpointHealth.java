package dev.countersign.nonce.node;

import java.time.Duration;
import java.util.OptionalLong;

/// How an endpoint does, as far as is known.
///
/// @param number its place in the chain's definition, from 1
/// @param name scheme, host and port; the rest of its address may be a secret
/// @param head the newest block it has told of
/// @param lag blocks that it is behind the best head that is not one endpoint's word alone
/// @param latency of a request, smoothed
/// @param errorRate of its last requests, from 0 to 1, smoothed
/// @param calls HTTP requests it was sent
/// @param failures those without a usable answer, and those that another endpoint had a better one
/// to
/// @param outvoted quorum reads in which it said something else than the quorum
/// @param batchSize the most calls that it is sent in one batch now
/// @param problem what is wrong with it, or empty
public record EndpointHealth(
    int number,
    String name,
    State state,
    OptionalLong head,
    long lag,
    Duration latency,
    double errorRate,
    long calls,
    long failures,
    long outvoted,
    int batchSize,
    String problem) {

  /// What it is used for.
  public enum State {
    WORKING,
    /// Has let callers wait: asked after the others.
    SLOW,
    /// Its chain ends before that of the others: asked after them.
    LAGGING,
    /// Has contradicted a quorum: asked last, and watched in quorum reads.
    SUSPECT,
    /// Says it is on another chain: not used.
    WRONG_CHAIN,
    /// Does not answer: left alone, and tried again now and then.
    DOWN
  }
}
