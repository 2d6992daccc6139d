package dev.countersign.mpc.frost;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.key.KeyShare;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The two nonces of one party for one signature. They are in memory alone and are given out once:
/// two signatures with the same nonces are the key.
///
/// @param <P> points of the group
public final class SigningNonces<P extends Point<P>> {
  private static final int RANDOM_BYTES = 32;

  private final NonceCommitment<P> commitment;
  private final AtomicReference<Optional<Pair>> secret;

  /// The hiding and the binding nonce.
  record Pair(Scalar hiding, Scalar binding) {
    void wipe() {
      hiding.wipe();
      binding.wipe();
    }

    @Override
    public String toString() {
      return "two nonces";
    }
  }

  private SigningNonces(Ciphersuite<P> suite, Party party, Pair pair) {
    this.commitment =
        new NonceCommitment<>(
            party, suite.group().generate(pair.hiding), suite.group().generate(pair.binding));
    this.secret = new AtomicReference<>(Optional.of(pair));
  }

  /// The first round, RFC 9591 section 5.1.
  public static <P extends Point<P>> SigningNonces<P> draw(
      Ciphersuite<P> suite, KeyShare<P> share, SecureRandom random) {
    byte[] hiding = new byte[RANDOM_BYTES];
    byte[] binding = new byte[RANDOM_BYTES];
    random.nextBytes(hiding);
    random.nextBytes(binding);
    return of(suite, share, hiding, binding);
  }

  /// From random bytes, which are wiped. Section 4.1: the key share goes into it too, so that a
  /// random generator that repeats itself gives other nonces under another key.
  static <P extends Point<P>> SigningNonces<P> of(
      Ciphersuite<P> suite, KeyShare<P> share, byte[] hiding, byte[] binding) {
    return new SigningNonces<>(
        suite, share.party(), new Pair(nonce(suite, share, hiding), nonce(suite, share, binding)));
  }

  private static <P extends Point<P>> Scalar nonce(
      Ciphersuite<P> suite, KeyShare<P> share, byte[] random) {
    byte[] secret = share.secret().encode();
    byte[] input = Bytes.joined(random, secret);
    try {
      return suite.nonce(input);
    } finally {
      Bytes.wipe(random, secret, input);
    }
  }

  public NonceCommitment<P> commitment() {
    return commitment;
  }

  /// Gives the nonces out, once. Whoever takes them wipes them.
  ///
  /// @throws ProtocolAbortException with REUSE the second time
  Pair take() throws ProtocolAbortException {
    return secret
        .getAndSet(Optional.empty())
        .orElseThrow(
            () ->
                new ProtocolAbortException(
                    Reason.REUSE, Optional.empty(), "these nonces have signed before"));
  }

  /// Nobody signs with them.
  public void discard() {
    secret.getAndSet(Optional.empty()).ifPresent(Pair::wipe);
  }

  @Override
  public String toString() {
    return "the nonces of " + commitment.party();
  }
}
