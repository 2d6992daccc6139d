package dev.countersign.mpc.keygen;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.share.Lagrange;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one run deals, by whom and to whom: what every participant works out for itself before it
/// says anything. All of it is in the session id, so that those who were told different things are
/// in different sessions.
///
/// Dealers share a polynomial each; receivers get the values. The participants are both.
///
/// @param <P> points of the group
public final class DealingPlan<P extends Point<P>> {
  private static final int VERSION = 1;

  /// What the dealers' constants are.
  enum Purpose {
    /// Free, and known to the dealer: their sum is a new key.
    GENERATION("keygen"),
    /// Zero: added to the old shares, they make others of the same key.
    REFRESH("refresh"),
    /// Each dealer's old share times its Lagrange coefficient: their sum is the same key.
    RESHARE("reshare");

    private final String protocol;

    Purpose(String protocol) {
      this.protocol = protocol;
    }
  }

  private final Purpose purpose;
  private final Group<P> group;
  private final byte[] keyId;
  private final long epoch;
  private final Optional<EpochKey<P>> previous;
  private final SortedSet<Party> dealers;
  private final SortedSet<Party> receivers;
  private final int threshold;
  private final SortedMap<Party, PeerIdentity> identities;
  private final SessionId session;

  private DealingPlan(
      Purpose purpose,
      Group<P> group,
      byte[] keyId,
      Optional<EpochKey<P>> previous,
      Set<Party> dealers,
      Set<Party> receivers,
      int threshold,
      Map<Party, PeerIdentity> identities,
      byte[] nonce,
      BanLedger bans)
      throws ProtocolAbortException {
    this.purpose = purpose;
    this.group = group;
    this.keyId = keyId.clone();
    this.epoch = previous.map(key -> key.epoch() + 1).orElse(0L);
    this.previous = previous;
    this.dealers = new TreeSet<>(dealers);
    this.receivers = new TreeSet<>(receivers);
    this.threshold = threshold;
    this.identities = new TreeMap<>(identities);
    SortedSet<Party> participants = new TreeSet<>(dealers);
    participants.addAll(receivers);
    require(
        threshold >= 2 && threshold <= receivers.size(),
        "expected a threshold from 2 to %d parties, got %d".formatted(receivers.size(), threshold));
    require(
        this.identities.keySet().equals(participants),
        "identities of %s, the participants are %s"
            .formatted(this.identities.keySet(), participants));
    require(
        Set.copyOf(this.identities.values()).size() == participants.size(),
        "two participants with one identity");
    require(
        keyId.length >= 1 && keyId.length <= EpochKey.LONGEST_KEY_ID,
        "a key id of %d bytes".formatted(keyId.length));
    require(nonce.length == SessionId.BYTES, "a nonce of %d bytes".formatted(nonce.length));
    bans.admit(this.identities);
    this.session = session(nonce);
  }

  private static void require(boolean holds, String otherwise) throws ProtocolAbortException {
    if (!holds) {
      throw new ProtocolAbortException(Reason.MISMATCH, Optional.empty(), otherwise);
    }
  }

  /// Makes a key that nobody knows. Doerner and others, eprint 2023/602, protocol 9.1, with
  /// Feldman's vectors for its interpolation checks.
  ///
  /// @param keyId 1 to 64 bytes
  /// @param parties who gets a share, each with another identity
  /// @param nonce 32 bytes that no other run has
  /// @throws ProtocolAbortException with MISMATCH for a plan that makes no key, with BANNED for one
  /// with somebody who is banned
  public static <P extends Point<P>> DealingPlan<P> generation(
      Group<P> group,
      byte[] keyId,
      Map<Party, PeerIdentity> parties,
      int threshold,
      byte[] nonce,
      BanLedger bans)
      throws ProtocolAbortException {
    return new DealingPlan<>(
        Purpose.GENERATION,
        group,
        keyId,
        Optional.empty(),
        parties.keySet(),
        parties.keySet(),
        threshold,
        parties,
        nonce,
        bans);
  }

  /// Makes other shares of the same key for the same parties. Herzberg and others, Proactive secret
  /// sharing, 1995, section 3.3.
  ///
  /// @param parties all that have a share
  public static <P extends Point<P>> DealingPlan<P> refresh(
      EpochKey<P> previous, Map<Party, PeerIdentity> parties, byte[] nonce, BanLedger bans)
      throws ProtocolAbortException {
    require(
        parties.keySet().equals(previous.parties()),
        "a refresh by %s, the key is shared by %s".formatted(parties.keySet(), previous.parties()));
    return new DealingPlan<>(
        Purpose.REFRESH,
        previous.group(),
        previous.keyId(),
        Optional.of(previous),
        parties.keySet(),
        parties.keySet(),
        previous.key().threshold(),
        parties,
        nonce,
        bans);
  }

  /// Makes shares of the same key for other parties or another threshold. Desmedt and Jajodia,
  /// Redistributing secret shares to new access structures, 1997. A party number is the same party
  /// on both sides. Whoever has an old share and takes no part keeps it: old shares of as many as
  /// the old threshold are the key for ever.
  ///
  /// @param dealers of those who have an old share, at least as many as the old threshold
  /// @param identities of dealers and receivers
  public static <P extends Point<P>> DealingPlan<P> reshare(
      EpochKey<P> previous,
      Set<Party> dealers,
      Set<Party> receivers,
      int threshold,
      Map<Party, PeerIdentity> identities,
      byte[] nonce,
      BanLedger bans)
      throws ProtocolAbortException {
    require(
        previous.parties().containsAll(dealers) && dealers.size() >= previous.key().threshold(),
        "a reshare by %s, expected at least %d of %s"
            .formatted(dealers, previous.key().threshold(), previous.parties()));
    return new DealingPlan<>(
        Purpose.RESHARE,
        previous.group(),
        previous.keyId(),
        Optional.of(previous),
        dealers,
        receivers,
        threshold,
        identities,
        nonce,
        bans);
  }

  private SessionId session(byte[] nonce) {
    byte[] unmade = new byte[SessionId.BYTES];
    byte[] keygen = previous.map(key -> key.keygen().bytes()).orElse(unmade);
    Transcript plan =
        Transcript.of("dealing plan")
            .add("group", group.scalars().toString())
            .addParties("dealers", dealers)
            .addParties("receivers", receivers)
            .add("previous", previous.map(EpochKey::digest).orElse(unmade))
            .addAll("identities", identities.values().stream().map(PeerIdentity::bytes).toList());
    return SessionId.of(
            purpose.protocol,
            VERSION,
            keyId,
            epoch,
            List.copyOf(identities.keySet()),
            threshold,
            nonce,
            keygen)
        .within("plan", plan.digest());
  }

  Purpose purpose() {
    return purpose;
  }

  public Group<P> group() {
    return group;
  }

  /// What every message and hash of the run has in it.
  public SessionId session() {
    return session;
  }

  byte[] keyId() {
    return keyId.clone();
  }

  /// Of the shares that are made.
  public long epoch() {
    return epoch;
  }

  Optional<EpochKey<P>> previous() {
    return previous;
  }

  public Collection<Party> dealers() {
    return List.copyOf(dealers);
  }

  public Collection<Party> receivers() {
    return List.copyOf(receivers);
  }

  /// Dealers and receivers, ascending.
  public Collection<Party> participants() {
    return List.copyOf(identities.keySet());
  }

  public int threshold() {
    return threshold;
  }

  SortedMap<Party, PeerIdentity> identities() {
    return new TreeMap<>(identities);
  }

  PeerIdentity identity(Party party) {
    return Optional.ofNullable(identities.get(party)).orElseThrow();
  }

  /// What the dealer's constant must be, times the generator; empty where it is free.
  Optional<P> constant(Party dealer) {
    return switch (purpose) {
      case GENERATION -> Optional.empty();
      case REFRESH -> Optional.of(group.identity());
      case RESHARE ->
          previous.map(
              key ->
                  key.share(dealer)
                      .timesPublic(Lagrange.coefficient(group.scalars(), dealers, dealer)));
    };
  }
}
