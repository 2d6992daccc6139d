package dev.countersign.server.grpc;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.Blobs;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.server.blob.AskedBlobs;
import dev.countersign.server.blob.BlobReading;
import java.util.List;
import java.util.Optional;

/// Reads the blobs of a message.
record BlobMessages(SignTransactionRequest message, FieldReader fields, BlobReading blobs) {
  private static final String FIELD = "blobs.";

  /// @param encoded the transaction that the message brings, where it brings one
  /// @throws RefusedException that names the first field that is wrong
  BlobReading.Outcome.Proven read(
      IdempotencyKey key, ChainId chain, Optional<UnsignedTransaction> encoded) {
    Optional<Envelope.Blobs> named = encoded.map(this::named);
    return switch (blobs.read(key, chain, asked(named))) {
      case BlobReading.Outcome.Proven proven -> checked(proven, named);
      case BlobReading.Outcome.Refused(Refusal refusal) ->
          throw fields.refused(
              refusal.code() == Code.UNKNOWN_CHAIN || refusal.field().equals("blobs")
                  ? refusal.field()
                  : FIELD + refusal.field(),
              refusal.code(),
              refusal.message());
    };
  }

  private Envelope.Blobs named(UnsignedTransaction transaction) {
    if (transaction.envelope() instanceof Envelope.Blobs envelope) {
      return envelope;
    }
    throw fields.refused(
        "blobs",
        Code.MALFORMED,
        "the encoded transaction is of type %s and names no blobs; leave them out"
            .formatted(transaction.envelope().type().text()));
  }

  private AskedBlobs asked(Optional<Envelope.Blobs> named) {
    Blobs asked = message.getBlobs();
    if (named.isPresent() && !asked.getMaxFeePerBlobGas().isEmpty()) {
      throw fields.refused(
          FIELD + "max_fee_per_blob_gas",
          Code.MALFORMED,
          "an encoded transaction carries its fees; leave it out");
    }
    Optional<Wei> fee =
        asked.getMaxFeePerBlobGas().isEmpty()
            ? Optional.empty()
            : Optional.of(
                fields.read(
                    FIELD + "max_fee_per_blob_gas",
                    Code.INVALID_AMOUNT,
                    asked.getMaxFeePerBlobGas(),
                    Wei::parse));
    return new AskedBlobs(
        named.map(Envelope.Blobs::accessList).orElse(AccessList.NONE),
        list(asked.getBlobsList()),
        named.map(Envelope.Blobs::maxFeePerBlobGas).or(() -> fee),
        list(asked.getVersionedHashesList()),
        list(asked.getCommitmentsList()),
        list(asked.getProofsList()));
  }

  private BlobReading.Outcome.Proven checked(
      BlobReading.Outcome.Proven proven, Optional<Envelope.Blobs> named) {
    List<Digest32> found = proven.envelope().versionedHashes();
    named
        .map(Envelope.Blobs::versionedHashes)
        .filter(hashes -> !hashes.equals(found))
        .ifPresent(
            hashes -> {
              throw fields.refused(
                  "encoded",
                  Code.INVALID_BLOBS,
                  "the transaction names blobs %s, those sent are %s".formatted(hashes, found));
            });
    return proven;
  }

  private static List<Bytes> list(List<ByteString> values) {
    return values.stream().map(value -> Bytes.of(value.toByteArray())).toList();
  }
}
