package dev.countersign.core.pipeline;

import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.NewRequest;
import java.time.Instant;

/// A submission that has all it needs to be judged, but a nonce where it takes one.
sealed interface Admissible permits Candidate, MessageCandidate {
  Submission submission();

  NewRequest request();

  /// Whether it is stored already, and was held so far.
  boolean waiting();

  /// When it is judged.
  Instant at();

  Wallet wallet();

  PolicySubject subject();
}
