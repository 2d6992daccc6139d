package dev.countersign.server.grpc;

import dev.countersign.core.request.RequestState;
import dev.countersign.server.settings.AuditSettings.Strict;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;

/// Holds an answer back until the log's entries about what it tells are under a signed checkpoint,
/// for those types of entries that the configuration names.
public final class StrictAnswers {
  private final Strict strict;
  private final Integration integration;

  /// Waits until all that was committed before is under a stored checkpoint.
  @FunctionalInterface
  public interface Integration {
    /// @return whether it is
    boolean await(Duration patience) throws InterruptedException;
  }

  public StrictAnswers(Strict strict, Integration integration) {
    this.strict = strict;
    this.integration = integration;
  }

  /// For an answer that tells of a request in `state`.
  ///
  /// @throws ProofPendingException when it takes too long
  public void await(RequestState state) {
    await(
        switch (state) {
          case DENIED -> Set.of("request-denied", "judging-failed");
          case FAILED -> Set.of("request-admitted", "message-admitted", "request-failed");
          case ADMITTED -> Set.of("request-admitted", "message-admitted");
          case PENDING_APPROVAL, TIME_LOCKED -> Set.of("request-held");
          case REJECTED -> Set.of("request-rejected");
          case EXPIRED -> Set.of("request-expired");
          case CANCELLED -> Set.of("request-withdrawn");
          case RECEIVED, SIGNED, BROADCAST, CONFIRMED, REPLACED, DROPPED ->
              Set.of(
                  "request-admitted", "transaction-signed", "message-admitted", "message-signed");
        });
  }

  /// For an answer that tells of what entries of `types` tell of.
  ///
  /// @throws ProofPendingException when it takes too long
  void await(Set<String> types) {
    if (Collections.disjoint(types, strict.types())) {
      return;
    }
    try {
      if (integration.await(strict.patience())) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new ProofPendingException(
        "it has happened, and its audit entry is durable, but not under a signed checkpoint within "
            + strict.patience()
            + "; ask again in the same words: nothing happens twice, and the answer waits again");
  }
}
