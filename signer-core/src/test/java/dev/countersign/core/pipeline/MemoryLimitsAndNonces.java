package dev.countersign.core.pipeline;

import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What settling does to limits and nonces; like the real ones it throws when a signed request is
/// to be released, or signed twice.
final class MemoryLimitsAndNonces implements PolicyEngine, NonceLedger {
  final Map<SigningRequestId, SignedTransaction> signed = new HashMap<>();
  final Set<SigningRequestId> released = new HashSet<>();

  private final PermitMint mint = new PermitMint(SealKey.random(new SecureRandom()));

  @Override
  public void commit(Transaction transaction, Set<SigningRequestId> requests) {
    if (requests.stream().anyMatch(released::contains)) {
      throw new IllegalStateException("was released");
    }
  }

  @Override
  public void release(Transaction transaction, Set<SigningRequestId> requests) {
    if (requests.stream().anyMatch(signed::containsKey)) {
      throw new IllegalStateException("was signed, so its limits stay charged");
    }
    released.addAll(requests);
  }

  @Override
  public void recordSigned(Transaction transaction, List<Signed> now) {
    for (Signed one : now) {
      if (signed.putIfAbsent(one.request(), one.transaction()) != null) {
        throw new IllegalStateException("other bytes are signed for it");
      }
    }
  }

  @Override
  public Reissue reissue(Transaction transaction, List<Admitted> admitted) {
    return new Reissue(admitted.stream().map(this::permit).toList(), Set.of());
  }

  Permit permit(Admitted admitted) {
    return mint.issue(
        new PermitTerms(
            admitted.request(),
            admitted.wallet().backend(),
            admitted.wallet().key(),
            admitted.payload(),
            new PolicyVersion(1, Keccak.hash(new byte[0])),
            List.of()));
  }

  @Override
  public Optional<SignedTransaction> signed(SigningRequestId request) {
    return Optional.ofNullable(signed.get(request));
  }

  @Override
  public PolicySession open(Transaction transaction, List<PolicySubject> subjects) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Due> claimDue(Transaction transaction, Duration lease, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void endHolds(Transaction transaction, Set<SigningRequestId> requests) {
    // Nothing that is admitted or signed has any.
  }

  @Override
  public Forecast forecast(PolicySubject subject, Bytes payload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<String> prepare(Lane lane) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LaneBook lock(Transaction transaction, Set<Account> accounts) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Nonce peek(Lane lane) {
    throw new UnsupportedOperationException();
  }

  @Override
  public BigInteger available(Account account) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<LaneObstacle> obstacle(Account account, boolean hasBlobs) {
    throw new UnsupportedOperationException();
  }
}
