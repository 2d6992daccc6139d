package dev.countersign.server.blob;

import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.BlobProver;
import dev.countersign.core.port.BlobProverUnavailableException;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.function.ToIntFunction;

/// Makes of blobs what is signed of them: their versioned hashes are found here, always, and never
/// taken from a client.
public final class BlobReading {
  /// Blobs are large, and take a while: beyond this a caller is told to come again.
  private static final int MOST_AT_ONCE = 32;

  /// Of one client, so that it leaves room for others.
  private static final int MOST_AT_ONCE_OF_CLIENT = 8;

  /// Requests of one client that are not over: 50 MiB at most, also where an approver is slow. What
  /// comes at once may exceed it by [#MOST_AT_ONCE_OF_CLIENT].
  static final int MOST_WAITING_OF_CLIENT = 64;

  private final ChainDefinitions chains;
  private final BlobProver prover;
  private final ToIntFunction<IdempotencyKey> waiting;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final ConcurrentMap<ClientId, Integer> busy = new ConcurrentHashMap<>();

  /// @param waiting how many requests with blobs a client has that are not over, besides the one
  /// of that key: who asks for it once more asks for nothing more
  public BlobReading(
      ChainDefinitions chains, BlobProver prover, ToIntFunction<IdempotencyKey> waiting) {
    this.chains = chains;
    this.prover = prover;
    this.waiting = waiting;
  }

  /// Whether the chain takes transactions with blobs.
  public boolean areTakenOn(ChainId chain) {
    return chains.definition(chain).flatMap(ChainDefinition::blobProofs).isPresent();
  }

  /// What came of it.
  public sealed interface Outcome {
    /// @param envelope with a fee of 0 where that is to be found
    record Proven(Envelope.Blobs envelope, BlobSidecar sidecar) implements Outcome {}

    /// @param refusal its field as `blobs`, `versioned_hashes`, `commitments`, `proofs` or
    ///     `max_fee_per_blob_gas`
    record Refused(Refusal refusal) implements Outcome {}
  }

  /// Takes a tenth of a second or more for each blob.
  public Outcome read(IdempotencyKey key, ChainId chain, AskedBlobs asked) {
    ClientId client = key.client();
    Optional<ChainDefinition> definition = chains.definition(chain);
    if (definition.isEmpty()) {
      return refused(Code.UNKNOWN_CHAIN, "chain", "chain %s is not configured".formatted(chain));
    }
    Optional<BlobProofs> proofs = definition.get().blobProofs();
    if (proofs.isEmpty()) {
      return refused(
          Code.UNSUPPORTED_TRANSACTION,
          "blobs",
          "%s takes no transaction with blobs, by the chain's definition (eip4844 among its transactionTypes, and blobProofs)"
              .formatted(chain));
    }
    if (asked.maxFee().filter(Wei.ZERO::equals).isPresent()) {
      return refused(
          Code.INVALID_AMOUNT,
          "max_fee_per_blob_gas",
          "no chain takes blobs for 0 wei per unit of blob gas: expected 1 or more, or nothing to"
              + " have it found");
    }
    int before = waiting.applyAsInt(key);
    if (before >= MOST_WAITING_OF_CLIENT) {
      return refused(
          Code.UNAVAILABLE,
          "blobs",
          "%d requests of %s with blobs are not over yet, %d may be; try again when one is"
              .formatted(before, client, MOST_WAITING_OF_CLIENT));
    }
    if (!enter(client)) {
      return refused(Code.UNAVAILABLE, "blobs", "too many blobs at once; try again in a moment");
    }
    try {
      return read(asked, proofs.get());
    } catch (InvalidValueException e) {
      return refused(Code.INVALID_BLOBS, "blobs", String.valueOf(e.getMessage()));
    } catch (BlobProverUnavailableException e) {
      return refused(Code.BLOBS_UNAVAILABLE, "blobs", String.valueOf(e.getMessage()));
    } finally {
      leave(client);
    }
  }

  private boolean enter(ClientId client) {
    if (busy.merge(client, 1, Integer::sum) <= MOST_AT_ONCE_OF_CLIENT && room.tryAcquire()) {
      return true;
    }
    forget(client);
    return false;
  }

  private void leave(ClientId client) {
    room.release();
    forget(client);
  }

  private void forget(ClientId client) {
    busy.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
  }

  private Outcome read(AskedBlobs asked, BlobProofs proofs) {
    BlobSidecar sidecar = prover.prove(asked.blobs(), proofs);
    List<Bytes> hashes = sidecar.versionedHashes().stream().map(Digest32::bytes).toList();
    return different("versioned_hashes", asked.versionedHashes(), hashes)
        .or(() -> different("commitments", asked.commitments(), sidecar.commitments()))
        .or(() -> different("proofs", asked.proofs(), proofsLike(asked, sidecar)))
        .<Outcome>map(Outcome.Refused::new)
        .orElseGet(
            () ->
                new Outcome.Proven(
                    new Envelope.Blobs(
                        asked.accessList(),
                        asked.maxFee().orElse(Wei.ZERO),
                        sidecar.versionedHashes()),
                    sidecar));
  }

  /// Of the kind that the client sent, by their number: libraries are slower than chains.
  private List<Bytes> proofsLike(AskedBlobs asked, BlobSidecar sidecar) {
    for (BlobProofs kind : BlobProofs.values()) {
      if (kind != sidecar.proofs()
          && asked.proofs().size() == asked.blobs().size() * kind.perBlob()) {
        return prover.prove(asked.blobs(), kind).proofValues();
      }
    }
    return sidecar.proofValues();
  }

  private static Optional<Refusal> different(String field, List<Bytes> sent, List<Bytes> found) {
    if (sent.isEmpty() || sent.equals(found)) {
      return Optional.empty();
    }
    int at = 0;
    while (at < sent.size() && at < found.size() && sent.get(at).equals(found.get(at))) {
      at++;
    }
    return Optional.of(
        new Refusal(
            Code.INVALID_BLOBS,
            field,
            sent.size() == found.size()
                ? "%s[%d]: the blobs make it %s; leave it out, or send that"
                    .formatted(field, at, found.get(at))
                : "%d of %s, expected %d; or leave them out"
                    .formatted(sent.size(), field, found.size())));
  }

  private static Outcome refused(Code code, String field, String message) {
    return new Outcome.Refused(new Refusal(code, field, message));
  }
}
