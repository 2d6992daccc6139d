package dev.countersign.nonce.model;

/// How often something happened that is to happen.
///
/// @param confirmed requests that ended on the chain
/// @param foreign requests that lost their nonce to somebody else
/// @param cancelled requests whose cancellation was mined, or that were withdrawn
/// @param outbid nonces for which a node took more than one payload
/// @param failed requests that could not be signed
/// @param crashes instances that died
/// @param heldUp instances that others overtook at their work
/// @param obstructed requests whose lane gave no nonce
/// @param unfunded requests that their account could not pay for
/// @param alarms gaps that an operator was told of
/// @param reopened nonces that ended, and were taken back
record Happened(
    long confirmed,
    long foreign,
    long cancelled,
    long outbid,
    long failed,
    long crashes,
    long heldUp,
    long obstructed,
    long unfunded,
    long alarms,
    long reopened) {
  static final Happened NOTHING = new Happened(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  Happened and(Happened other) {
    return new Happened(
        confirmed + other.confirmed,
        foreign + other.foreign,
        cancelled + other.cancelled,
        outbid + other.outbid,
        failed + other.failed,
        crashes + other.crashes,
        heldUp + other.heldUp,
        obstructed + other.obstructed,
        unfunded + other.unfunded,
        alarms + other.alarms,
        reopened + other.reopened);
  }
}
