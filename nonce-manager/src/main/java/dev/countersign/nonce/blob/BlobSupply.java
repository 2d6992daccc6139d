package dev.countersign.nonce.blob;

import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.port.BlobProver;
import dev.countersign.core.port.BlobProverUnavailableException;
import dev.countersign.core.port.BlobStore;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import java.util.List;
import java.util.Optional;

/// What is sent of a signed transaction: its bytes, and around those that name blobs the blobs.
/// They are read for one transaction at a time, and kept nowhere.
public final class BlobSupply {
  /// For where nothing has blobs.
  public static final BlobSupply NONE =
      new BlobSupply(
          BlobStore.NONE,
          (blobs, proofs) -> {
            throw new IllegalStateException("there are no blobs here");
          },
          ChainDefinitions.of(List.of()));

  private static final List<Digest32> ZEROS = List.of(BlobSidecar.ZERO_HASH);

  private final BlobStore store;
  private final BlobProver prover;
  private final ChainDefinitions chains;

  public BlobSupply(BlobStore store, BlobProver prover, ChainDefinitions chains) {
    this.store = store;
    this.prover = prover;
    this.chains = chains;
  }

  /// The bytes, or why there are none.
  public sealed interface Outcome {
    record Whole(Bytes bytes) implements Outcome {}

    record Missing(String reason) implements Outcome {}
  }

  /// @param request whose blobs they are
  public Outcome whole(ChainId chain, SigningRequestId request, SignedTransaction transaction) {
    if (!BlobSidecar.isAround(transaction)) {
      return new Outcome.Whole(transaction.bytes());
    }
    Optional<BlobProofs> proofs = chains.definition(chain).flatMap(ChainDefinition::blobProofs);
    if (proofs.isEmpty()) {
      return new Outcome.Missing("the chain's definition says no blobProofs any more");
    }
    try {
      return sidecar(request, transaction, proofs.get())
          .<Outcome>map(sidecar -> new Outcome.Whole(sidecar.around(transaction)))
          .orElseGet(() -> new Outcome.Missing("its blobs are not stored any more"));
    } catch (InvalidValueException | BlobProverUnavailableException e) {
      return new Outcome.Missing(String.valueOf(e.getMessage()));
    }
  }

  private Optional<BlobSidecar> sidecar(
      SigningRequestId request, SignedTransaction transaction, BlobProofs proofs) {
    boolean isOfZeros =
        BlobSidecar.blobsOf(transaction).filter(o -> o.versionedHashes().equals(ZEROS)).isPresent();
    if (isOfZeros) {
      return Optional.of(BlobSidecar.ofZeros(proofs));
    }
    return store
        .find(request)
        .map(
            stored ->
                // The chain has come to ask for others since: those of the same blobs.
                stored.proofs() == proofs ? stored : prover.prove(stored.blobs(), proofs));
  }
}
