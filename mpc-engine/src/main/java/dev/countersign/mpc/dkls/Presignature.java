package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// All of a signature but for the message: made for one key, one tweak and one set of signers, and
/// used once. It is in memory alone.
public final class Presignature implements AutoCloseable {
  static final int DIGEST_BYTES = 32;

  private final SigningPlan plan;
  private final Secp256k1Point nonce;

  /// r: the nonce's x modulo the order.
  private final Scalar abscissa;

  private final byte[] view;
  private final AtomicReference<Optional<Secrets>> secrets;

  /// φ, u and v.
  static final class Secrets {
    private final Scalar mask;
    private final Scalar nonceShare;
    private final Scalar keyShare;

    Secrets(Scalar mask, Scalar nonceShare, Scalar keyShare) {
      this.mask = mask;
      this.nonceShare = nonceShare;
      this.keyShare = keyShare;
    }

    void wipe() {
      mask.wipe();
      nonceShare.wipe();
      keyShare.wipe();
    }
  }

  /// @param view a hash of the nonces and keys of all signers
  Presignature(SigningPlan plan, Secp256k1Point nonce, byte[] view, Secrets secrets) {
    this.plan = plan;
    this.nonce = nonce;
    this.view = view;
    this.abscissa = reduced(Arrays.copyOfRange(nonce.encode(), 1, 33));
    this.secrets = new AtomicReference<>(Optional.of(secrets));
  }

  static Scalar reduced(byte[] bytes) {
    byte[] wide = new byte[2 * ScalarField.BYTES];
    System.arraycopy(bytes, 0, wide, ScalarField.BYTES, ScalarField.BYTES);
    return ScalarField.SECP256K1.reduce(wide);
  }

  /// By which the ledger knows it.
  public SessionId id() {
    return plan.session();
  }

  /// What the signature will be valid for.
  public Secp256k1Point key() {
    return plan.key();
  }

  public List<Party> signers() {
    return plan.signers();
  }

  SigningPlan plan() {
    return plan;
  }

  Secp256k1Point nonce() {
    return nonce;
  }

  Scalar abscissa() {
    return abscissa;
  }

  /// Uses it up for this digest: first in memory, then in the ledger, and only then is there
  /// anything to send. Whatever comes of it, it does not sign again.
  ///
  /// @param digest 32 bytes, which this party has worked out itself from what it approves of
  /// @throws ProtocolAbortException with REUSE when it was used before or the setup with a signer
  /// has been closed, or what the ledger throws
  public SigningThirdRound sign(byte[] digest, PresignatureLedger ledger)
      throws ProtocolAbortException {
    if (digest.length != DIGEST_BYTES) {
      throw new IllegalArgumentException(
          "expected a digest of %d bytes, got %d".formatted(DIGEST_BYTES, digest.length));
    }
    Secrets taken =
        secrets
            .getAndSet(Optional.empty())
            .orElseThrow(
                () ->
                    new ProtocolAbortException(
                        Reason.REUSE, Optional.empty(), "this presignature was used before"));
    try {
      if (abscissa.isZero()) {
        throw new ProtocolAbortException(
            Reason.BAD_RESULT, Optional.empty(), "the nonce makes an r of zero");
      }
      plan.requireOpen();
      ledger.consume(id(), digest.clone());
      plan.requireOpen();
      return round(taken, digest.clone());
    } finally {
      taken.wipe();
    }
  }

  /// `w = H(m)·φ + r·v`.
  private SigningThirdRound round(Secrets taken, byte[] digest) {
    Scalar first = reduced(digest).times(taken.mask);
    Scalar second = abscissa.times(taken.keyShare);
    Scalar share = first.plus(second);
    first.wipe();
    second.wipe();
    byte[] bound =
        Transcript.of("signing message view").add("view", view).add("digest", digest).digest();
    return new SigningThirdRound(
        this, digest, bound, taken.nonceShare.plus(ScalarField.SECP256K1.zero()), share);
  }

  /// Nobody signs with it.
  @Override
  public void close() {
    secrets.getAndSet(Optional.empty()).ifPresent(Secrets::wipe);
  }

  @Override
  public String toString() {
    return "presignature " + id();
  }
}
