package dev.countersign.mpc.dkls;

import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Point;
import java.util.List;

/// What a signer adds up over its peers before it knows the message: `φ + Σ ψ`, and its shares of
/// the products of all nonces and of all keys with the mask.
final class Sums {
  private Scalar masks;
  private Scalar nonceShares = ScalarField.SECP256K1.zero();
  private Scalar keyShares = ScalarField.SECP256K1.zero();

  /// @param mask this party's own, which stays its owner's
  Sums(Scalar mask) {
    this.masks = mask.plus(ScalarField.SECP256K1.zero());
  }

  /// @param shares d of both products, which are wiped
  /// @param mask ψ of the peer's
  void add(PeerExchange exchange, List<Scalar> shares, Scalar mask) {
    masks = replaced(masks, mask);
    nonceShares = replaced(nonceShares, exchange.nonceShare());
    nonceShares = replaced(nonceShares, shares.getFirst());
    keyShares = replaced(keyShares, exchange.keyShare());
    keyShares = replaced(keyShares, shares.getLast());
    shares.forEach(Scalar::wipe);
  }

  private static Scalar replaced(Scalar sum, Scalar term) {
    Scalar next = sum.plus(term);
    sum.wipe();
    return next;
  }

  /// `u = r·(φ + Σψ) + Σ(c^u + d^u)`, and v the same with sk.
  Presignature presignature(
      SigningPlan plan, NonceShare nonce, Scalar additive, Secp256k1Point point, byte[] view) {
    Scalar nonceProduct = nonce.secret().times(masks);
    Scalar keyProduct = additive.times(masks);
    Presignature.Secrets secrets =
        new Presignature.Secrets(
            nonce.mask().plus(ScalarField.SECP256K1.zero()),
            nonceProduct.plus(nonceShares),
            keyProduct.plus(keyShares));
    nonceProduct.wipe();
    keyProduct.wipe();
    masks.wipe();
    nonceShares.wipe();
    keyShares.wipe();
    return new Presignature(plan, point, view, secrets);
  }
}
