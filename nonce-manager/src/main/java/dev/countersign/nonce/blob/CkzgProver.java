package dev.countersign.nonce.blob;

import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.port.BlobProver;
import dev.countersign.core.port.BlobProverUnavailableException;
import ethereum.ckzg4844.CKZG4844JNI;
import ethereum.ckzg4844.CellsAndProofs;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.crypto.Blob;

/// KZG by c-kzg-4844, the library that Ethereum's clients share. The native part and the trusted
/// setup are loaded when blobs come for the first time, once for the process. Safe for concurrent
/// use; half of the cores work on it at most, since a thread that is in it does nothing else.
public final class CkzgProver implements BlobProver {
  private static final Logger LOG = LoggerFactory.getLogger(CkzgProver.class);

  /// The one setup there is (ethereum/consensus-specs, `presets/mainnet/trusted_setups`), in the
  /// text form of c-kzg-4844, as web3j ships it.
  static final String SETUP = "/trusted_setup.txt";

  /// Of that file: another setup would make commitments that no node takes.
  static final String SETUP_SHA256 =
      "e695ba9905a832de98dc3567febe326b760382bfd77a9a6880ca51b602a7d7ff";

  /// Checked here and not left to the library, which says no more than that something is wrong.
  private static final BigInteger MODULUS =
      new BigInteger("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", 16);

  private static final byte[] MODULUS_BYTES = MODULUS.toByteArray();
  private static final int ELEMENT = 32;

  /// Of the process: the library has one setup, in static memory.
  private static final Object LOADING = new Object();

  private static boolean loaded;
  private static String failure = "";

  private final Semaphore room =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  @Override
  public BlobSidecar prove(List<Bytes> blobs, BlobProofs proofs) {
    if (blobs.isEmpty() || blobs.size() > BlobSidecar.MOST_BLOBS) {
      throw InvalidValueException.of(
          "blobs",
          Integer.toString(blobs.size()),
          "1 to %d of them".formatted(BlobSidecar.MOST_BLOBS));
    }
    for (int i = 0; i < blobs.size(); i++) {
      check(i, blobs.get(i));
    }
    load();
    room.acquireUninterruptibly();
    try {
      return proven(blobs, proofs);
    } finally {
      room.release();
    }
  }

  private static BlobSidecar proven(List<Bytes> blobs, BlobProofs proofs) {
    List<Bytes> commitments = new ArrayList<>();
    List<Bytes> values = new ArrayList<>();
    for (Bytes blob : blobs) {
      byte[] bytes = blob.toArray();
      byte[] commitment = CKZG4844JNI.blobToKzgCommitment(bytes);
      commitments.add(Bytes.of(commitment));
      switch (proofs) {
        case BLOBS -> values.add(Bytes.of(CKZG4844JNI.computeBlobKzgProof(bytes, commitment)));
        case CELLS -> {
          CellsAndProofs cells = CKZG4844JNI.computeCellsAndKzgProofs(bytes);
          Bytes all = Bytes.of(cells.getProofs());
          for (int at = 0; at < all.size(); at += BlobSidecar.POINT_SIZE) {
            values.add(all.slice(at, at + BlobSidecar.POINT_SIZE));
          }
        }
      }
    }
    return new BlobSidecar(proofs, blobs, commitments, values);
  }

  private static void check(int index, Bytes blob) {
    String what = "blob %d".formatted(index + 1);
    if (blob.size() != BlobSidecar.BLOB_SIZE) {
      throw InvalidValueException.of(
          what, blob.size() + " bytes", BlobSidecar.BLOB_SIZE + " bytes");
    }
    byte[] bytes = blob.toArray();
    for (int at = 0; at < bytes.length; at += ELEMENT) {
      if (Arrays.compareUnsigned(bytes, at, at + ELEMENT, MODULUS_BYTES, 0, ELEMENT) >= 0) {
        throw InvalidValueException.of(
            "%s, the 32 bytes from %d on".formatted(what, at),
            "0x" + HexFormat.of().formatHex(bytes, at, at + ELEMENT),
            "a big-endian number below the modulus of BLS12-381, 0x" + MODULUS.toString(16));
      }
    }
  }

  /// What failed once fails until the process is started anew: a library is loaded once.
  private static void load() {
    synchronized (LOADING) {
      if (loaded) {
        return;
      }
      if (!failure.isEmpty()) {
        throw new BlobProverUnavailableException(failure);
      }
      try {
        CKZG4844JNI.loadNativeLibrary();
        loadSetup();
        loaded = true;
      } catch (IOException | RuntimeException | LinkageError e) {
        failure = "the KZG library (c-kzg-4844) cannot be used on this machine: %s".formatted(e);
        LOG.error("{}", failure, e);
        throw new BlobProverUnavailableException(failure);
      }
    }
  }

  private static void loadSetup() throws IOException {
    byte[] setup = setup();
    String hash = sha256(setup);
    if (!hash.equals(SETUP_SHA256)) {
      throw new IOException(
          "%s: expected the file of SHA-256 %s, got %s".formatted(SETUP, SETUP_SHA256, hash));
    }
    CKZG4844JNI.loadTrustedSetupFromResource(SETUP, Blob.class, 0);
  }

  static byte[] setup() throws IOException {
    try (InputStream resource = Blob.class.getResourceAsStream(SETUP)) {
      if (resource == null) {
        throw new IOException(SETUP + " is missing from the class path");
      }
      return resource.readAllBytes();
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
