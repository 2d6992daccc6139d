package dev.countersign.core.pipeline;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.port.ReplacementPolicy;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Remembers what it was asked, and denies it.
final class DenyingReplacements implements ReplacementPolicy {
  final List<Question> asked = new ArrayList<>();
  Optional<BigInteger> gasCap = Optional.empty();

  @Override
  public Optional<BigInteger> gasCap(
      Transaction transaction, SigningRequestId request, GasLimit limit, BigInteger blobCost) {
    return gasCap;
  }

  @Override
  public Decision judge(Transaction transaction, Question question) {
    asked.add(question);
    return new Decision.Denied(
        new PolicyVersion(1, Keccak.hash(new byte[0])), "none", List.of(), "not today", false);
  }

  @Override
  public void commit(Transaction transaction, ReplacementId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void release(Transaction transaction, ReplacementId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Reissued> reissue(Transaction transaction, List<Permitted> permitted) {
    throw new UnsupportedOperationException();
  }
}
