package dev.countersign.mpc.channel;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;

/// Agrees on the keys of a channel: each side signs a fresh key, and what both make of the two
/// keys is bound to the session, to the identities and to the direction. Signed Diffie-Hellman, of
/// which an identity key that is lost later tells nothing.
public final class ChannelHandshake {
  private static final String ALGORITHM = "X25519";

  private final PairId pair;
  private final PeerIdentity self;
  private final PeerIdentity peer;
  private final AtomicReference<Optional<KeyPair>> ephemeral;
  private final ChannelOffer offer;

  /// The peer's key that the channel was made with.
  private Optional<byte[]> accepted = Optional.empty();

  private ChannelHandshake(PairId pair, Identity identity, PeerIdentity peer, KeyPair ephemeral) {
    this.pair = pair;
    this.self = identity.known();
    this.peer = peer;
    this.ephemeral = new AtomicReference<>(Optional.of(ephemeral));
    this.offer = ChannelOffer.of(pair, X25519Keys.encode(ephemeral.getPublic()), identity);
  }

  /// @param self this party, to whom `identity` belongs
  /// @param peer the other, to whom `known` belongs
  public static ChannelHandshake begin(
      SessionId session,
      Party self,
      Identity identity,
      Party peer,
      PeerIdentity known,
      SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.X25519, random);
      return new ChannelHandshake(
          session.pair(self, peer), identity, known, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What this party sends to the other.
  public ChannelOffer offer() {
    return offer;
  }

  /// An offer that the peer has not signed for this session and this party is ignored: empty, and
  /// the handshake goes on waiting. Anybody can send one. So is the offer that the channel was made
  /// with, when it comes again.
  ///
  /// @throws ProtocolAbortException with REUSE for another one of the peer once there is a channel,
  /// with MALFORMED when the peer has signed a key of small order
  public synchronized Optional<Channel> accept(ChannelOffer theirs) throws ProtocolAbortException {
    byte[] key = theirs.ephemeral();
    if (!theirs.isFrom(pair.reversed(), peer)
        || accepted.filter(known -> Arrays.equals(known, key)).isPresent()) {
      return Optional.empty();
    }
    KeyPair own =
        ephemeral
            .getAndSet(Optional.empty())
            .orElseThrow(
                () ->
                    new ProtocolAbortException(
                        Reason.REUSE, Optional.empty(), "there is a channel of this handshake"));
    byte[] shared = agree(own, theirs);
    accepted = Optional.of(key);
    try {
      return Optional.of(
          new Channel(
              pair,
              key(shared, pair, offer, self, theirs, peer),
              key(shared, pair.reversed(), theirs, peer, offer, self)));
    } finally {
      Arrays.fill(shared, (byte) 0);
    }
  }

  private byte[] agree(KeyPair own, ChannelOffer theirs) throws ProtocolAbortException {
    try {
      KeyAgreement agreement = KeyAgreement.getInstance(ALGORITHM);
      agreement.init(own.getPrivate());
      agreement.doPhase(X25519Keys.decode(theirs.ephemeral()), true);
      return agreement.generateSecret();
    } catch (InvalidKeyException e) {
      throw new ProtocolAbortException(
          Reason.MALFORMED, Optional.of(pair.to()), "a key of small order");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Of one direction: what both sides write in the order of the sender and the receiver.
  private static SecretKey key(
      byte[] shared,
      PairId direction,
      ChannelOffer sender,
      PeerIdentity senderIdentity,
      ChannelOffer receiver,
      PeerIdentity receiverIdentity) {
    byte[] info =
        Transcript.of("channel key")
            .add("direction", direction)
            .add("sender identity", senderIdentity.bytes())
            .add("receiver identity", receiverIdentity.bytes())
            .add("sender key", sender.ephemeral())
            .add("receiver key", receiver.ephemeral())
            .digest();
    return HkdfSha256.key(shared, direction.session().bytes(), info);
  }
}
