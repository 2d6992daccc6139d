package dev.countersign.policy.sample;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.MAINNET;
import static dev.countersign.policy.sample.Samples.pay;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.port.RequestHistory;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Requests that were judged by the engine, and are remembered as the module that stores them
/// would.
public final class AskedRequests implements RequestHistory {
  private final Instance instance;
  private final List<SigningRequest> requests = new ArrayList<>();

  public AskedRequests(Instance instance) {
    this.instance = instance;
  }

  public void forget() {
    requests.clear();
  }

  /// A payment of `amount` wei by `desk`, received at `at` and judged now.
  public PolicySubject ask(String wallet, long amount, Instant at) {
    Intent.OfTransaction intent = pay(ALICE, BigInteger.valueOf(amount));
    PolicySubject subject = Samples.subject(id(at), "desk", wallet, MAINNET, intent);
    remember(subject, at, Optional.of(instance.admit(subject, intent)));
    return subject;
  }

  /// One that is stored, and that nobody has judged.
  public void receive(Instant at) {
    remember(Samples.subject(id(at), "desk", "hot-1", MAINNET), at, Optional.empty());
  }

  private SigningRequestId id(Instant at) {
    return new SigningRequestId(new UUID(at.toEpochMilli() << 16 | 0x7000 | requests.size(), -1));
  }

  private void remember(PolicySubject subject, Instant at, Optional<Decision> decision) {
    requests.add(
        new SigningRequest(
            subject.request(),
            subject.key(),
            Digest32.of(new byte[Digest32.SIZE]),
            subject.content(),
            subject.origin(),
            RequestState.RECEIVED,
            at,
            at,
            Optional.empty(),
            decision
                .filter(Decision.Allowed.class::isInstance)
                .map(Decision.Allowed.class::cast)
                .map(
                    allowed ->
                        new SigningRequest.Admission(
                            new Nonce(3), allowed.permit().terms().payload(), 1, allowed.rule())),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  @Override
  public List<SigningRequest> page(SigningRequestId after, int limit) {
    return requests.stream()
        .filter(request -> request.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(SigningRequest::id))
        .limit(limit)
        .toList();
  }
}
