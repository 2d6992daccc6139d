package dev.countersign.nonce.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import ethereum.ckzg4844.CKZG4844JNI;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Blob;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.crypto.transaction.type.Transaction4844;

class CkzgProverTest {
  private static final Address PAYEE = new Address("0x" + "cd".repeat(20));

  private final CkzgProver prover = new CkzgProver();

  @Test
  void theSetupIsTheOneThereIs() throws IOException {
    assertThat(CkzgProver.sha256(CkzgProver.setup())).isEqualTo(CkzgProver.SETUP_SHA256);
  }

  @Test
  void zerosAreProvenAsTheyAreWithoutTheLibrary() {
    for (BlobProofs proofs : BlobProofs.values()) {
      BlobSidecar zeros = BlobSidecar.ofZeros(proofs);
      assertThat(prover.prove(zeros.blobs(), proofs)).isEqualTo(zeros);
    }
  }

  @Test
  void anElementThatIsNotBelowTheModulusIsNamed() {
    byte[] blob = TestBlobs.of(1).toArray();
    byte[] modulus =
        Bytes.fromHex("0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001")
            .toArray();
    System.arraycopy(modulus, 0, blob, 64, 32);
    assertThatThrownBy(
            () -> prover.prove(List.of(TestBlobs.of(1), Bytes.of(blob)), BlobProofs.CELLS))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("blob 2, the 32 bytes from 64 on")
        .hasMessageContaining("below the modulus of BLS12-381");
    blob[64 + 31] = 0;
    assertThat(prover.prove(List.of(Bytes.of(blob)), BlobProofs.BLOBS).blobs()).hasSize(1);
  }

  @Test
  void anotherNumberOrSizeOfBlobsIsRefused() {
    assertThatThrownBy(() -> prover.prove(List.of(), BlobProofs.CELLS))
        .hasMessageContaining("expected 1 to 6 of them");
    assertThatThrownBy(() -> prover.prove(List.of(Bytes.of(new byte[32])), BlobProofs.CELLS))
        .hasMessageContaining("blob 1: expected 131072 bytes, got \"32 bytes\"");
  }

  /// Both network forms, byte for byte as web3j makes them, which proves and encodes by itself.
  @Test
  void bothFormsAreThoseOfWeb3j() {
    List<Bytes> blobs = List.of(TestBlobs.of(2), TestBlobs.of(3));
    BlobSidecar ofBlobs = prover.prove(blobs, BlobProofs.BLOBS);
    BlobSidecar ofCells = prover.prove(blobs, BlobProofs.CELLS);
    // web3j loads the setup by itself, and the library holds one.
    CKZG4844JNI.freeTrustedSetup();
    List<Blob> theirs = blobs.stream().map(blob -> new Blob(blob.toArray())).toList();
    Transaction4844 v0 =
        Transaction4844.createTransaction(
            theirs,
            7L,
            BigInteger.valueOf(4),
            BigInteger.TWO,
            BigInteger.valueOf(300),
            BigInteger.valueOf(21_000),
            PAYEE.hex(),
            BigInteger.ONE,
            "",
            BigInteger.TEN);
    assertThat(ofBlobs.around(signed(ofBlobs, v0.getNonce())).hex()).isEqualTo(hex(v0));
    Transaction4844 v1 =
        Transaction4844.createEip7594Transaction(
            theirs,
            7L,
            BigInteger.valueOf(4),
            BigInteger.TWO,
            BigInteger.valueOf(300),
            BigInteger.valueOf(21_000),
            PAYEE.hex(),
            BigInteger.ONE,
            "",
            BigInteger.TEN);
    assertThat(ofCells.around(signed(ofCells, v1.getNonce())).hex()).isEqualTo(hex(v1));
  }

  private static SignedTransaction signed(BlobSidecar sidecar, BigInteger nonce) {
    return new UnsignedTransaction(
            ChainId.ofEip155(7),
            new Nonce(nonce.longValueExact()),
            new Fees(Wei.of(2), Wei.of(300), GasLimit.TRANSFER),
            new CallEncoder.Call(Optional.of(PAYEE), Wei.of(1), Bytes.EMPTY),
            new Envelope.Blobs(AccessList.NONE, Wei.of(10), sidecar.versionedHashes()))
        .sign(new RecoverableSignature(BigInteger.valueOf(5), BigInteger.valueOf(6), 1));
  }

  private static String hex(Transaction4844 transaction) {
    byte[] r = new byte[] {5};
    byte[] s = new byte[] {6};
    return Bytes.of(
            TransactionEncoder.encode(
                new Raw(transaction), new Sign.SignatureData(new byte[] {28}, r, s)))
        .hex();
  }

  /// Its constructor is for its own package alone.
  private static final class Raw extends RawTransaction {
    Raw(Transaction4844 transaction) {
      super(transaction);
    }
  }
}
