package dev.countersign.core.pipeline;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The payloads of one nonce, which change at the moment of the lock, as they do when somebody else
/// comes first.
final class MemoryPayloads implements PayloadLedger {
  private Optional<NoncePayloads> now = Optional.empty();
  private Optional<NoncePayloads> onceLocked = Optional.empty();

  void is(NoncePayloads payloads) {
    now = Optional.of(payloads);
    onceLocked = now;
  }

  void isOnceLocked(NoncePayloads payloads) {
    onceLocked = Optional.of(payloads);
  }

  @Override
  public Optional<NoncePayloads> find(SigningRequestId request) {
    return now;
  }

  @Override
  public Optional<NoncePayloads> lock(
      Transaction transaction, Lane lane, SigningRequestId request) {
    now = onceLocked;
    return now;
  }

  /// All that there is besides this nonce.
  @Override
  public BigInteger available(Transaction transaction, Account account) {
    return account.balance().value().subtract(now.orElseThrow().mostCost());
  }

  @Override
  public void permit(
      Transaction transaction,
      ReplacementId id,
      PayloadPurpose purpose,
      Bytes unsigned,
      BigInteger most) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean recordSigned(Transaction transaction, ReplacementId id, SignedTransaction signed) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean drop(Transaction transaction, ReplacementId id, String reason) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Unsigned> claimUnsigned(
      Transaction transaction,
      Duration untouched,
      Duration lease,
      Set<ReplacementId> except,
      int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Stuck> claimStuck(
      Transaction transaction, ChainId chain, Duration after, Duration lease, int limit) {
    throw new UnsupportedOperationException();
  }
}
