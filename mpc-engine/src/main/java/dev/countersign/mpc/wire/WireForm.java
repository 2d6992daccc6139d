package dev.countersign.mpc.wire;

/// What stored or sent bytes are: the first byte says the kind, the second its version. A number is
/// never used again for another kind.
public enum WireForm {
  DEALING_COMMITMENT(1),
  DEALING_ECHO(2),
  DEALING_OPENING(3),
  DEALING_REVEAL(4),
  STATEMENT(5),
  EPOCH_KEY(6),
  EPOCH_SHARE(7),
  OUTCOME(8),
  PREPARED_KEY(9),
  KEY_LEDGER(10, 2),
  PEER_IDENTITY(11),
  CHANNEL_OFFER(12),
  ENVELOPE(13),
  BAN_LEDGER(14, 2),
  PAIR_SETUP_FIRST(32),
  PAIR_SETUP_SECOND(33),
  PAIR_SETUP(34),
  SIGNING_FIRST(35),
  SIGNING_SECOND(36),
  SIGNING_THIRD(37);

  private final byte code;
  private final byte version;

  WireForm(int code) {
    this(code, 1);
  }

  WireForm(int code, int version) {
    this.code = (byte) code;
    this.version = (byte) version;
  }

  byte code() {
    return code;
  }

  byte version() {
    return version;
  }
}
