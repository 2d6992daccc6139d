package dev.countersign.core.pipeline;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.NewRequest;
import java.time.Instant;
import java.util.List;

/// A message that has all it needs to be judged. It costs nothing, and takes no nonce.
///
/// @param preimage the bytes whose Keccak-256 is signed
record MessageCandidate(
    Submission submission,
    NewRequest request,
    boolean waiting,
    Instant at,
    Wallet wallet,
    Bytes preimage)
    implements Admissible {

  @Override
  public PolicySubject subject() {
    return new PolicySubject(
        request.id(),
        submission.key(),
        request.content(),
        wallet,
        wallet.address(),
        request.origin(),
        List.of(),
        at);
  }
}
