package dev.countersign.nonce.broadcast;

/// Why a node does not take a transaction, as far as its words tell.
public enum ErrorKind {
  /// It has it already.
  ALREADY_KNOWN,
  /// The nonce is mined.
  NONCE_TOO_LOW,
  /// A nonce before it is missing, and the node does not keep what comes after a gap.
  NONCE_TOO_HIGH,
  /// It pays less than the pool or the next block asks for.
  UNDERPRICED,
  /// Another transaction with its nonce is in the pool, and it does not pay enough more.
  REPLACEMENT_UNDERPRICED,
  /// The account cannot pay for it, what is in the pool included.
  INSUFFICIENT_FUNDS,
  /// Its gas limit is more than a block or a transaction may have, or less than it needs.
  GAS_LIMIT,
  /// Its fee is more than this node lets pass; another may take it.
  FEE_CAP,
  /// The pool, or the account's part of it, has no room.
  POOL_FULL,
  /// The account has something in another pool of the node: with blobs, or without.
  RESERVED,
  /// The account has delegated code (EIP-7702): one transaction in flight, in order.
  DELEGATED_IN_FLIGHT_LIMIT,
  /// It is signed for another chain.
  WRONG_CHAIN,
  /// It has more bytes than the node takes.
  OVERSIZED,
  /// Anything else, and what is not known.
  OTHER
}
