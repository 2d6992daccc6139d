package dev.countersign.core.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BlobSidecarTest {
  private static final Address ACCOUNT = new Address("0x" + "ab".repeat(20));

  /// As everybody who cancels with a blob has it on chain.
  @Test
  void aBlobOfZerosHasAKnownHash() {
    assertThat(BlobSidecar.ZERO_HASH.hex())
        .isEqualTo("0x010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014");
  }

  @Test
  void whatIsStoredReadsBackTheSame() {
    for (BlobProofs proofs : BlobProofs.values()) {
      BlobSidecar sidecar = BlobSidecar.ofZeros(proofs);
      assertThat(BlobSidecar.decode(sidecar.encode())).isEqualTo(sidecar);
    }
  }

  @Property(tries = 200)
  void otherBytesAreRefusedInWords(@ForAll @Size(max = 300) byte[] bytes) {
    assertThatThrownBy(() -> BlobSidecar.decode(Bytes.of(bytes)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Property(tries = 100)
  void aByteThatIsCutOrChangedIsNoticed(@ForAll int at) {
    byte[] bytes = BlobSidecar.ofZeros(BlobProofs.BLOBS).encode().toArray();
    // The blob's own bytes may be any.
    int place = Math.floorMod(at, 12);
    bytes[place] ^= 0x40;
    assertThatThrownBy(() -> BlobSidecar.decode(Bytes.of(bytes)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void theNetworkFormsDifferInTheVersionAndTheProofs() {
    SignedTransaction signed = signed(List.of(BlobSidecar.ZERO_HASH));
    FieldsOfList blobs = fields(BlobSidecar.ofZeros(BlobProofs.BLOBS).around(signed));
    FieldsOfList cells = fields(BlobSidecar.ofZeros(BlobProofs.CELLS).around(signed));
    assertThat(blobs.size()).isEqualTo(4);
    assertThat(blobs.list(3).size()).isEqualTo(1);
    assertThat(cells.size()).isEqualTo(5);
    assertThat(cells.integer(1)).isEqualTo(BigInteger.ONE);
    assertThat(cells.list(4).size()).isEqualTo(128);
    assertThat(blobs.list(0).size()).as("fields and signature").isEqualTo(14);
    assertThat(cells.list(0).size()).isEqualTo(14);
  }

  @Test
  void blobsThatTheTransactionDoesNotNameAreNotSent() {
    SignedTransaction other = signed(List.of(Digest32.fromHex("0x01" + "11".repeat(31))));
    assertThatThrownBy(() -> BlobSidecar.ofZeros(BlobProofs.CELLS).around(other))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("blob hashes of the transaction");
  }

  @Test
  void aBlobTooManyOrTooShortIsRefused() {
    Bytes zeros = Bytes.of(new byte[BlobSidecar.BLOB_SIZE]);
    Bytes point = BlobSidecar.ofZeros(BlobProofs.BLOBS).commitments().getFirst();
    assertThatThrownBy(() -> of(Collections.nCopies(7, zeros), point))
        .hasMessageContaining("expected 1 to 6 of them, got \"7\"");
    assertThatThrownBy(() -> of(List.of(zeros.slice(1, zeros.size())), point))
        .hasMessageContaining("expected 131072 bytes, got \"131071 bytes\"");
  }

  @Test
  void aCancellationIsOneBlobOfZerosThatPaysMore() {
    UnsignedTransaction original =
        unsigned(List.of(Digest32.fromHex("0x01" + "11".repeat(31))), Wei.of(10));
    Fees twice = new Fees(Wei.of(4), Wei.of(200), GasLimit.TRANSFER);
    UnsignedTransaction cancellation =
        ReplacementTransactions.cancellation(original, ACCOUNT, twice, Wei.of(20));
    assertThat(cancellation.envelope()).isEqualTo(ReplacementTransactions.ofZeros(Wei.of(20)));
    assertThat(ReplacementTransactions.cancellationFault(original, cancellation, ACCOUNT))
        .isEmpty();
    assertThat(ReplacementTransactions.paysMore(original, cancellation)).isTrue();
    UnsignedTransaction plain =
        new UnsignedTransaction(original.chain(), original.nonce(), twice, cancellation.call());
    assertThat(ReplacementTransactions.cancellationFault(original, plain, ACCOUNT))
        .as("nodes take nothing else in the place of blobs")
        .isPresent();
  }

  @Test
  void aSpeedUpKeepsTheBlobsAndHasToPayMoreForThem() {
    UnsignedTransaction original =
        unsigned(List.of(Digest32.fromHex("0x01" + "11".repeat(31))), Wei.of(10));
    Fees twice = new Fees(Wei.of(4), Wei.of(200), GasLimit.TRANSFER);
    UnsignedTransaction faster = ReplacementTransactions.speedUp(original, twice, Wei.of(20));
    assertThat(((Envelope.Blobs) faster.envelope()).versionedHashes())
        .isEqualTo(((Envelope.Blobs) original.envelope()).versionedHashes());
    assertThat(ReplacementTransactions.speedUpFault(original, faster)).isEmpty();
    assertThat(ReplacementTransactions.paysMore(original, faster)).isTrue();
    assertThat(
            ReplacementTransactions.paysMore(
                original, ReplacementTransactions.speedUp(original, twice, Wei.of(10))))
        .as("the fee for blobs is the same")
        .isFalse();
  }

  private static BlobSidecar of(List<Bytes> blobs, Bytes point) {
    return new BlobSidecar(
        BlobProofs.BLOBS,
        blobs,
        Collections.nCopies(blobs.size(), point),
        Collections.nCopies(blobs.size(), point));
  }

  private static FieldsOfList fields(Bytes wrapped) {
    assertThat(wrapped.get(0)).isEqualTo((byte) 3);
    return TransactionReader.behindType(wrapped);
  }

  private static SignedTransaction signed(List<Digest32> hashes) {
    return unsigned(hashes, Wei.of(1))
        .sign(new RecoverableSignature(BigInteger.TWO, BigInteger.TWO, 0));
  }

  private static UnsignedTransaction unsigned(List<Digest32> hashes, Wei blobFee) {
    return new UnsignedTransaction(
        ChainId.ofEip155(1),
        new Nonce(0),
        new Fees(Wei.of(2), Wei.of(100), GasLimit.TRANSFER),
        new CallEncoder.Call(Optional.of(ACCOUNT), Wei.ZERO, Bytes.EMPTY),
        new Envelope.Blobs(AccessList.NONE, blobFee, hashes));
  }
}
