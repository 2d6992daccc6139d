package dev.countersign.mpc.frost;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.key.GroupKey;
import dev.countersign.mpc.key.KeyShare;
import dev.countersign.mpc.share.Lagrange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is signed, by whom and with which nonces: what every signer works out for itself from the
/// commitments of all and the message. RFC 9591 sections 4.3 to 4.6.
///
/// @param <P> points of the group
public final class SigningPackage<P extends Point<P>> {
  private final Ciphersuite<P> suite;
  private final GroupKey<P> key;
  private final SortedMap<Party, NonceCommitment<P>> commitments;
  private final Map<Party, Scalar> bindingFactors;
  private final P commitment;
  private final Scalar challenge;

  private SigningPackage(
      Ciphersuite<P> suite,
      GroupKey<P> key,
      SortedMap<Party, NonceCommitment<P>> commitments,
      byte[] message)
      throws ProtocolAbortException {
    this.suite = suite;
    this.key = key;
    this.commitments = commitments;
    this.bindingFactors = bindingFactors(suite, key, commitments, message);
    this.commitment = commitment();
    if (commitment.isIdentity()) {
      throw new ProtocolAbortException(
          Reason.BAD_RESULT, Optional.empty(), "the commitments add up to the identity");
    }
    this.challenge = suite.challenge(commitment, key.point(), message);
  }

  /// @throws ProtocolAbortException when there are not as many commitments as the threshold asks
  /// for, more than one of a party, or one of somebody who has no share
  public static <P extends Point<P>> SigningPackage<P> of(
      Ciphersuite<P> suite, GroupKey<P> key, List<NonceCommitment<P>> commitments, byte[] message)
      throws ProtocolAbortException {
    SortedMap<Party, NonceCommitment<P>> byParty = new TreeMap<>();
    for (NonceCommitment<P> one : commitments) {
      if (byParty.put(one.party(), one) != null) {
        throw mismatch("two commitments of " + one.party());
      }
    }
    if (byParty.size() < key.threshold()) {
      throw mismatch(
          "%d commitments, expected at least %d".formatted(byParty.size(), key.threshold()));
    }
    if (!key.shares().keySet().containsAll(byParty.keySet())) {
      throw mismatch(
          "commitments of %s, the key is shared by %s"
              .formatted(byParty.keySet(), key.shares().keySet()));
    }
    return new SigningPackage<>(suite, key, byParty, message);
  }

  private static ProtocolAbortException mismatch(String what) {
    return new ProtocolAbortException(Reason.MISMATCH, Optional.empty(), what);
  }

  private static <P extends Point<P>> Map<Party, Scalar> bindingFactors(
      Ciphersuite<P> suite,
      GroupKey<P> key,
      SortedMap<Party, NonceCommitment<P>> commitments,
      byte[] message) {
    byte[] all = new byte[0];
    for (NonceCommitment<P> one : commitments.values()) {
      all =
          Bytes.joined(
              all, number(suite, one.party()), one.hiding().encode(), one.binding().encode());
    }
    byte[] prefix =
        Bytes.joined(key.point().encode(), suite.messageHash(message), suite.commitmentsHash(all));
    Map<Party, Scalar> factors = new LinkedHashMap<>();
    for (Party party : commitments.keySet()) {
      factors.put(party, suite.bindingFactor(Bytes.joined(prefix, number(suite, party))));
    }
    return factors;
  }

  private static byte[] number(Ciphersuite<?> suite, Party party) {
    return suite.group().scalars().of(party.number()).encode();
  }

  private P commitment() {
    P hiding = suite.group().identity();
    List<P> bindings = new ArrayList<>();
    for (NonceCommitment<P> one : commitments.values()) {
      hiding = hiding.plus(one.hiding());
      bindings.add(one.binding());
    }
    return hiding.plus(suite.group().sumOfProducts(bindings, List.copyOf(bindingFactors.values())));
  }

  /// The second round, RFC 9591 section 5.2: this party's share of the signature. Its nonces are
  /// used up, whatever comes of it.
  ///
  /// @throws ProtocolAbortException when the package has not the commitment of these nonces, or
  /// they have signed before
  public Scalar sign(KeyShare<P> share, SigningNonces<P> nonces) throws ProtocolAbortException {
    SigningNonces.Pair pair = nonces.take();
    try {
      if (!share.key().equals(key)) {
        throw mismatch("this package is for another key than the share of " + share.party());
      }
      if (!nonces.commitment().equals(commitments.get(share.party()))) {
        throw mismatch(
            "this package has another commitment of %s than its own".formatted(share.party()));
      }
      return share(share, pair);
    } finally {
      pair.wipe();
    }
  }

  private Scalar share(KeyShare<P> share, SigningNonces.Pair pair) {
    Scalar bound = pair.binding().times(bindingFactor(share.party()));
    Scalar nonce = pair.hiding().plus(bound);
    Scalar weighted = share.secret().times(weight(share.party()));
    Scalar signature = signed(nonce, commitment).plus(signed(weighted, key.point()));
    bound.wipe();
    nonce.wipe();
    weighted.wipe();
    return signature;
  }

  private Scalar signed(Scalar scalar, P sum) {
    return suite.isNegated(sum) ? scalar.negated() : scalar;
  }

  private Scalar bindingFactor(Party party) {
    return Optional.ofNullable(bindingFactors.get(party)).orElseThrow();
  }

  /// The party's Lagrange coefficient times the challenge.
  private Scalar weight(Party party) {
    return Lagrange.coefficient(suite.group().scalars(), commitments.keySet(), party)
        .times(challenge);
  }

  /// Adds the shares up, RFC 9591 section 5.3, and checks the signature before anybody gets it.
  ///
  /// @param shares one of each signer
  /// @throws ProtocolAbortException which names who gave a wrong one
  public byte[] aggregate(Map<Party, Scalar> shares) throws ProtocolAbortException {
    if (!shares.keySet().equals(commitments.keySet())) {
      throw mismatch(
          "shares of %s, expected those of %s".formatted(shares.keySet(), commitments.keySet()));
    }
    Scalar sum = suite.group().scalars().zero();
    for (Scalar share : shares.values()) {
      sum = sum.plus(share);
    }
    if (isValid(sum)) {
      return suite.encode(commitment, sum);
    }
    for (Party party : commitments.keySet()) {
      if (!isShare(party, Optional.ofNullable(shares.get(party)).orElseThrow())) {
        throw new ProtocolAbortException(
            Reason.BAD_SHARE, Optional.of(party), "its share of the signature is wrong");
      }
    }
    throw new ProtocolAbortException(
        Reason.BAD_RESULT, Optional.empty(), "the signature is not valid, though its shares are");
  }

  /// `z·G = R + c·Y`, with the points that the standard takes for R and Y.
  private boolean isValid(Scalar response) {
    P expected = even(commitment).plus(even(key.point()).timesPublic(challenge));
    return suite.group().generate(response).equals(expected);
  }

  private P even(P point) {
    return suite.isNegated(point) ? point.negated() : point;
  }

  /// RFC 9591 section 5.4.
  boolean isShare(Party party, Scalar share) {
    NonceCommitment<P> own = Optional.ofNullable(commitments.get(party)).orElseThrow();
    P nonce = own.hiding().plus(own.binding().timesPublic(bindingFactor(party)));
    P weighted =
        Optional.ofNullable(key.shares().get(party)).orElseThrow().timesPublic(weight(party));
    P expected =
        (suite.isNegated(commitment) ? nonce.negated() : nonce)
            .plus(suite.isNegated(key.point()) ? weighted.negated() : weighted);
    return suite.group().generate(share).equals(expected);
  }

  Scalar challenge() {
    return challenge;
  }
}
