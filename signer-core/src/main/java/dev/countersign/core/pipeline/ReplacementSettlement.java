package dev.countersign.core.pipeline;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.SigningRequest;
import java.util.List;

/// The second of the two transactions of a replacement. When it commits, the signed bytes are
/// written ahead of their broadcast and what they cost counts for good, or the payload is given up
/// and costs nothing; and the audit entry is durable.
final class ReplacementSettlement {
  private static final Actor ACTOR = Actor.system("pipeline");

  private final ReplacementParts parts;

  ReplacementSettlement(ReplacementParts parts) {
    this.parts = parts;
  }

  /// A payload that was permitted.
  ///
  /// @param signingDigest what its permit lets be signed
  record Permitted(
      SigningRequest request,
      Wallet wallet,
      ReplacementId id,
      PayloadPurpose purpose,
      Digest32 signingDigest) {
    Lane lane() {
      return new Lane(request.content().chain(), wallet.address());
    }

    /// The one that its request owns.
    Nonce nonce() {
      return request.admission().orElseThrow().nonce().orElseThrow();
    }
  }

  /// Of two signers of one payload the first settles, the other's signature never leaves. A
  /// signature that a freeze overtook is dropped too: its payload stays permitted, and is signed
  /// again after the thaw.
  void settle(Permitted permitted, SignedTransaction signed) {
    parts
        .pipeline()
        .unitOfWork()
        .run(
            transaction -> {
              parts.payloads().lock(transaction, permitted.lane(), permitted.request().id());
              if (parts
                  .pipeline()
                  .freezes()
                  .hold(transaction)
                  .covering(permitted.wallet(), permitted.lane().chain())
                  .isPresent()) {
                return;
              }
              if (parts.payloads().recordSigned(transaction, permitted.id(), signed)) {
                parts.policy().commit(transaction, permitted.id());
                append(
                    transaction,
                    permitted,
                    new AuditEvent.TransactionSigned(
                        permitted.lane().chain(), permitted.nonce(), signed.hash()));
              } else {
                drop(transaction, permitted, "the nonce was mined before it was signed");
              }
            });
  }

  /// Gives it up; nothing happens when it was signed or given up before.
  void drop(Permitted permitted, String reason) {
    parts
        .pipeline()
        .unitOfWork()
        .run(
            transaction -> {
              parts.payloads().lock(transaction, permitted.lane(), permitted.request().id());
              drop(transaction, permitted, reason);
            });
  }

  private void drop(Transaction transaction, Permitted permitted, String reason) {
    if (parts.payloads().drop(transaction, permitted.id(), reason)) {
      parts.policy().release(transaction, permitted.id());
      append(
          transaction,
          permitted,
          new AuditEvent.TransactionReplacementDropped(
              permitted.lane().chain(),
              permitted.nonce(),
              permitted.purpose(),
              permitted.signingDigest(),
              reason));
    }
  }

  private void append(Transaction transaction, Permitted permitted, AuditEvent event) {
    parts
        .pipeline()
        .audit()
        .append(
            transaction,
            List.of(
                AuditRecord.of(
                    parts.pipeline().clock().instant(),
                    ACTOR,
                    permitted.request().id(),
                    permitted.request().digest(),
                    event)));
  }
}
