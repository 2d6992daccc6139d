package dev.countersign.core.evm;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/// The blobs of a transaction with what proves them: it goes to nodes along with the transaction,
/// and is in no block. That the commitments are those of the blobs is for whoever makes one to see
/// to ([dev.countersign.core.port.BlobProver]); shapes and sizes are checked here.
///
/// @param proofs what kind they are
/// @param blobs 1 to [#MOST_BLOBS], of [#BLOB_SIZE] bytes each
/// @param commitments one for each blob, of 48 bytes
/// @param proofValues [BlobProofs#perBlob] for each blob, of 48 bytes each, blob by blob
public record BlobSidecar(
    BlobProofs proofs, List<Bytes> blobs, List<Bytes> commitments, List<Bytes> proofValues) {
  /// `FIELD_ELEMENTS_PER_BLOB` times `BYTES_PER_FIELD_ELEMENT` of EIP-4844.
  public static final int BLOB_SIZE = 4096 * 32;

  /// The most of one transaction, by EIP-7594.
  public static final int MOST_BLOBS = 6;

  /// A compressed point of G1.
  public static final int POINT_SIZE = 48;

  /// The compressed point at infinity: what commits to, and proves, nothing but zeros.
  private static final Bytes INFINITY = infinity();

  /// The versioned hash of a blob of zeros.
  public static final Digest32 ZERO_HASH = versionedHash(INFINITY);

  public BlobSidecar {
    blobs = List.copyOf(blobs);
    commitments = List.copyOf(commitments);
    proofValues = List.copyOf(proofValues);
    if (blobs.isEmpty() || blobs.size() > MOST_BLOBS) {
      throw InvalidValueException.of(
          "blobs", Integer.toString(blobs.size()), "1 to %d of them".formatted(MOST_BLOBS));
    }
    blobs.forEach(blob -> sized("blob", blob, BLOB_SIZE));
    counted("commitments", commitments.size(), blobs.size());
    counted("proofs", proofValues.size(), blobs.size() * proofs.perBlob());
    commitments.forEach(commitment -> sized("commitment", commitment, POINT_SIZE));
    proofValues.forEach(proof -> sized("proof", proof, POINT_SIZE));
  }

  /// One blob of zeros, for a transaction that has to have one and has nothing to say.
  public static BlobSidecar ofZeros(BlobProofs proofs) {
    return new BlobSidecar(
        proofs,
        List.of(Bytes.of(new byte[BLOB_SIZE])),
        List.of(INFINITY),
        Collections.nCopies(proofs.perBlob(), INFINITY));
  }

  /// What the transaction names the blobs by: `0x01 ‖ SHA-256(commitment)[1..]`.
  public List<Digest32> versionedHashes() {
    return commitments.stream().map(BlobSidecar::versionedHash).toList();
  }

  /// `kzg_to_versioned_hash` of EIP-4844.
  public static Digest32 versionedHash(Bytes commitment) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(commitment.toArray());
      hash[0] = Envelope.Blobs.KZG;
      return Digest32.of(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// What a node takes: `0x03 ‖ rlp([tx, 1, blobs, commitments, proofs])` with proofs of cells
  /// (EIP-7594), `0x03 ‖ rlp([tx, blobs, commitments, proofs])` with proofs of blobs (EIP-4844),
  /// where `tx` are the fields of the signed transaction.
  ///
  /// @throws InvalidValueException when the transaction names other blobs
  public Bytes around(SignedTransaction transaction) {
    List<Digest32> named =
        blobsOf(transaction).map(Envelope.Blobs::versionedHashes).orElse(List.of());
    if (!named.equals(versionedHashes())) {
      throw InvalidValueException.of(
          "blob hashes of the transaction", named.toString(), versionedHashes().toString());
    }
    List<RlpType> fields = new ArrayList<>();
    fields.add(new RlpList(TransactionReader.behindType(transaction.bytes()).items()));
    if (proofs == BlobProofs.CELLS) {
      fields.add(RlpString.create(proofs.version()));
    }
    fields.addAll(lists());
    return TransactionRlp.behind(TransactionType.EIP4844.number(), fields);
  }

  /// Whether nodes take the transaction with blobs around it, and not by itself: by its first byte.
  public static boolean isAround(SignedTransaction transaction) {
    return !transaction.bytes().isEmpty()
        && transaction.bytes().get(0) == TransactionType.EIP4844.number();
  }

  /// The envelope of a signed transaction with blobs; nothing of any other.
  public static Optional<Envelope.Blobs> blobsOf(SignedTransaction transaction) {
    return isAround(transaction)
        ? transaction
            .read()
            .map(read -> read.transaction().envelope())
            .filter(Envelope.Blobs.class::isInstance)
            .map(Envelope.Blobs.class::cast)
        : Optional.empty();
  }

  private List<RlpType> lists() {
    return List.of(list(blobs), list(commitments), list(proofValues));
  }

  private static RlpType list(List<Bytes> items) {
    return new RlpList(
        items.stream().<RlpType>map(item -> RlpString.create(item.toArray())).toList());
  }

  /// For where it is stored: the version of [#proofs], then `rlp([blobs, commitments, proofs])`.
  public Bytes encode() {
    return TransactionRlp.behind(proofs.version(), lists());
  }

  /// @throws InvalidValueException when it is not what [#encode] gives
  public static BlobSidecar decode(Bytes bytes) {
    return tried(bytes)
        .filter(sidecar -> sidecar.encode().equals(bytes))
        .orElseThrow(
            () ->
                InvalidValueException.of(
                    "blob sidecar", bytes.size() + " bytes", "one that was encoded here"));
  }

  private static Optional<BlobSidecar> tried(Bytes bytes) {
    try {
      FieldsOfList fields = TransactionReader.behindType(bytes);
      return Optional.of(
          new BlobSidecar(
              BlobProofs.ofVersion(bytes.get(0)),
              fields.list(0).strings(),
              fields.list(1).strings(),
              fields.list(2).strings()));
    } catch (RuntimeException | StackOverflowError e) {
      // As in TransactionDecoder.
      return Optional.empty();
    }
  }

  private static void sized(String what, Bytes bytes, int size) {
    if (bytes.size() != size) {
      throw InvalidValueException.of(what, bytes.size() + " bytes", size + " bytes");
    }
  }

  private static void counted(String what, int count, int expected) {
    if (count != expected) {
      throw InvalidValueException.of(what, Integer.toString(count), expected + " of them");
    }
  }

  private static Bytes infinity() {
    byte[] point = new byte[POINT_SIZE];
    point[0] = (byte) 0xc0;
    return Bytes.of(point);
  }

  /// Without the blobs.
  @Override
  public String toString() {
    return "BlobSidecar[%s, %s]".formatted(proofs.text(), versionedHashes());
  }
}
