package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Signing, third round: every signer's shares u and w of numerator and denominator, to all. They
/// are public.
public final class SigningThirdRound {
  private static final int VIEW_BYTES = 32;

  private final Presignature presignature;
  private final byte[] digest;
  private final byte[] view;
  private final Shares own;

  private record Shares(Scalar denominator, Scalar numerator) {}

  SigningThirdRound(
      Presignature presignature, byte[] digest, byte[] view, Scalar denominator, Scalar numerator) {
    this.presignature = presignature;
    this.digest = digest;
    this.view = view;
    this.own = new Shares(denominator, numerator);
  }

  /// For every other signer: the same for all.
  public byte[] message() {
    return Addressed.writer(WireForm.SIGNING_THIRD, presignature.id(), presignature.plan().own())
        .fixed(view)
        .scalar(own.denominator())
        .scalar(own.numerator())
        .finish();
  }

  private Shares read(Party peer, byte[] message) throws ProtocolAbortException {
    WireReader in = Addressed.reader(WireForm.SIGNING_THIRD, presignature.id(), peer, message);
    byte[] theirs = in.fixed(VIEW_BYTES);
    Scalar denominator = in.scalar(ScalarField.SECP256K1);
    Scalar numerator = in.scalar(ScalarField.SECP256K1);
    in.end();
    if (!MessageDigest.isEqual(theirs, view)) {
      throw Addressed.mismatch(
          "%s signs another message, or has seen other nonces or keys".formatted(peer));
    }
    return new Shares(denominator, numerator);
  }

  /// The signature, which was verified.
  ///
  /// @param messages one of each other signer
  /// @throws ProtocolAbortException with BAD_RESULT when what comes out is not valid: nobody gets
  /// it, and the presignature is gone
  public EcdsaSignature finish(Map<Party, byte[]> messages) throws ProtocolAbortException {
    Addressed.from(presignature.plan().peers(), messages);
    Map<Party, Shares> all = new TreeMap<>();
    for (Map.Entry<Party, byte[]> message : messages.entrySet()) {
      all.put(message.getKey(), read(message.getKey(), message.getValue()));
    }
    Scalar denominator = own.denominator();
    Scalar numerator = own.numerator();
    for (Shares shares : all.values()) {
      denominator = denominator.plus(shares.denominator());
      numerator = numerator.plus(shares.numerator());
    }
    if (denominator.isZero() || numerator.isZero()) {
      throw new ProtocolAbortException(
          Reason.BAD_RESULT, Optional.empty(), "the shares make a signature of zero");
    }
    return EcdsaSignature.verified(
        presignature.key(),
        digest,
        presignature.nonce(),
        presignature.abscissa(),
        numerator.times(denominator.inverse()));
  }
}
