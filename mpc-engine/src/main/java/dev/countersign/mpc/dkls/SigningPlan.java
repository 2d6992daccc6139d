package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.KeyShare;
import dev.countersign.mpc.share.Lagrange;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one signature is made of, before its message: key and all shares of it, offset of the
/// derived key, signers. All of it goes into the name of the session, and the setup of two signers
/// into that of what they send to each other, so that no message of a run means anything where one
/// of them is another: nobody is banned for having another epoch or setup.
public final class SigningPlan {
  private final SessionId session;
  private final KeyShare<Secp256k1Point> share;
  private final Scalar tweak;
  private final Secp256k1Point key;
  private final SortedMap<Party, PairSetup> setups;
  private final SortedSet<Party> signers;

  /// @param session never used before
  /// @param share this party's
  /// @param tweak what is added to the key, as unhardened BIP-32 derivation has it; zero for the
  /// key itself. It is public
  /// @param signers as many as the threshold, this party among them
  /// @param setups one with every other signer; they stay their owner's
  /// @param bans of this party's
  /// @throws ProtocolAbortException with BANNED when a signer is
  public SigningPlan(
      SessionId session,
      KeyShare<Secp256k1Point> share,
      Scalar tweak,
      List<Party> signers,
      List<PairSetup> setups,
      BanLedger bans)
      throws ProtocolAbortException {
    this.share = share;
    this.tweak = tweak;
    this.signers = new TreeSet<>(signers);
    if (this.signers.size() != signers.size()
        || signers.size() != share.key().threshold()
        || !this.signers.contains(share.party())
        || !share.key().shares().keySet().containsAll(signers)) {
      throw new IllegalArgumentException(
          "expected %d signers of the key's, each once and %s among them, got %s"
              .formatted(share.key().threshold(), share.party(), signers));
    }
    bans.admit(this.signers);
    this.setups = new TreeMap<>();
    for (PairSetup setup : setups) {
      if (setup.own().equals(share.party())
          && this.signers.contains(setup.peer())
          && this.setups.put(setup.peer(), setup) != null) {
        throw new IllegalArgumentException("two setups with " + setup.peer());
      }
    }
    if (this.setups.size() != signers.size() - 1) {
      throw new IllegalArgumentException(
          "expected setups with the other signers of %s, got %s".formatted(signers, setups));
    }
    this.key = share.key().point().plus(Secp256k1Group.INSTANCE.generate(tweak));
    if (key.isIdentity()) {
      throw new IllegalArgumentException("the tweak takes the key to the identity");
    }
    this.session = bound(session);
  }

  /// The shares are others in every epoch.
  private SessionId bound(SessionId outer) {
    Transcript plan =
        Transcript.of("signing plan")
            .add("key", share.key().point())
            .add("threshold", share.key().threshold())
            .add("tweak", tweak)
            .add("derived", key)
            .addParties("signers", signers);
    SortedMap<Party, Secp256k1Point> shares = new TreeMap<>(share.key().shares());
    plan.addParties("parties", shares.keySet());
    shares.values().forEach(one -> plan.add("share", one));
    return outer.within("DKLs23 signing", plan.digest());
  }

  /// The name of this run, which is a hash of the outer session and the rest of the plan.
  public SessionId session() {
    return session;
  }

  /// What the signature will be valid for.
  public Secp256k1Point key() {
    return key;
  }

  public Party own() {
    return share.party();
  }

  /// In ascending order.
  public List<Party> signers() {
    return List.copyOf(signers);
  }

  SortedSet<Party> peers() {
    return new TreeSet<>(setups.keySet());
  }

  /// What this party sends to the peer, and by which setup.
  PairId outward(Party peer) {
    return session.within("pair setup", setup(peer).session().bytes()).pair(own(), peer);
  }

  /// What the peer sends to this party, and by which setup.
  PairId inward(Party peer) {
    return outward(peer).reversed();
  }

  /// Nothing goes out any more once a setup is closed, in this session or in another one.
  ///
  /// @throws ProtocolAbortException with REUSE when one is
  void requireOpen() throws ProtocolAbortException {
    for (PairSetup setup : setups.values()) {
      setup.requireOpen();
    }
  }

  /// Closes the setup with whoever is banned.
  void discard(ProtocolAbortException abort) {
    if (abort.bansCulprit()) {
      abort
          .culprit()
          .filter(peer -> setups.containsKey(peer))
          .map(this::setup)
          .ifPresent(PairSetup::close);
    }
  }

  PairSetup setup(Party peer) {
    return Optional.ofNullable(setups.get(peer)).orElseThrow();
  }

  /// This party's additive share of the derived key, made new by a share of zero: `sk` in the
  /// paper. The caller wipes it.
  ///
  /// @throws ProtocolAbortException with REUSE when a setup is closed
  Scalar additiveShare() throws ProtocolAbortException {
    Scalar zero = ZeroShares.share(session, own(), setups.values());
    Scalar tweaked = share.secret().plus(tweak);
    Scalar weighted = tweaked.times(Lagrange.coefficient(ScalarField.SECP256K1, signers, own()));
    Scalar additive = weighted.plus(zero);
    tweaked.wipe();
    weighted.wipe();
    zero.wipe();
    return additive;
  }
}
