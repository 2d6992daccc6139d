package dev.countersign.core.port;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The payloads of signed nonces: the original of each, and what was permitted to take its place.
/// What is signed never changes, and is never forgotten, since any of it may be mined.
public interface PayloadLedger {

  /// @return nothing before the request is signed
  Optional<NoncePayloads> find(SigningRequestId request);

  /// The same, with the lane and the nonce locked until `transaction` ends: what it tells stays so.
  Optional<NoncePayloads> lock(Transaction transaction, Lane lane, SigningRequestId request);

  /// What the account has left, besides the most that its transactions may take which are not
  /// mined. Below zero when it has less than it owes. After [#lock].
  BigInteger available(Transaction transaction, Account account);

  /// Adds a payload that is permitted and not signed yet; the nonce is locked.
  ///
  /// @param most the most that it may take of the account, value and gas
  void permit(
      Transaction transaction,
      ReplacementId id,
      PayloadPurpose purpose,
      Bytes unsigned,
      BigInteger most);

  /// Writes the signed bytes ahead of their broadcast, and has them sent in place of those before.
  ///
  /// @return whether it did: not when the nonce is mined, or the payload was signed or dropped
  ///     before
  boolean recordSigned(Transaction transaction, ReplacementId id, SignedTransaction signed);

  /// Gives up a payload that is not signed.
  ///
  /// @return whether it did: not when it was signed or dropped before
  boolean drop(Transaction transaction, ReplacementId id, String reason);

  /// Takes payloads that are permitted and not signed, and that nobody has worked on for a while.
  ///
  /// @param except left alone, and not counted
  List<Unsigned> claimUnsigned(
      Transaction transaction,
      Duration untouched,
      Duration lease,
      Set<ReplacementId> except,
      int limit);

  /// @param replaces the signing digest is of the newest that was signed before it; nothing when
  ///     that is the original, whose request has its bytes
  record Unsigned(
      ReplacementId id, PayloadPurpose purpose, Bytes payload, Optional<Bytes> replaces) {}

  /// Takes requests of the chain whose nonce is the first of its lane that is not mined, and whose
  /// newest payload was signed `after` ago or longer; not again before `lease` is over.
  List<Stuck> claimStuck(
      Transaction transaction, ChainId chain, Duration after, Duration lease, int limit);

  /// @param isRefused whether a node said that it pays too little
  record Stuck(SigningRequestId request, boolean isRefused) {}
}
