package dev.countersign.server.grpc;

import dev.countersign.audit.store.Integrator;
import dev.countersign.audit.store.PostgresAuditReader;
import dev.countersign.audit.store.Witnessing;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.util.List;

/// The log's proofs about a request, as the files that its client keeps (invariant 9).
public final class RequestProofs {
  /// Entries come under a checkpoint within a second; who asks for a proof waits that little.
  private static final Duration INTEGRATION = Duration.ofSeconds(3);

  /// And where witnesses have to cosign it first, this little more.
  private static final Duration WITNESSES = Duration.ofSeconds(5);

  private final PostgresAuditReader reader;
  private final Integrator integrator;
  private final Witnessing witnessing;

  public RequestProofs(PostgresAuditReader reader, Integrator integrator, Witnessing witnessing) {
    this.reader = reader;
    this.integrator = integrator;
    this.witnessing = witnessing;
  }

  /// {@return one C2SP tlog-proof file for each entry about the request, in the log's order; those
  /// that did not come under a checkpoint in time are not among them}
  List<String> of(SigningRequestId request) {
    await(integrator, witnessing);
    return reader.prove(request).stream().map(LogProof::format).toList();
  }

  /// Waits until what is committed by now can be proven, or has taken too long.
  static void await(Integrator integrator, Witnessing witnessing) {
    try {
      // Too late is no error: what is under the latest checkpoint is given all the same.
      var _ = integrator.awaitIntegration(INTEGRATION) && witnessing.awaitWitnessed(WITNESSES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
