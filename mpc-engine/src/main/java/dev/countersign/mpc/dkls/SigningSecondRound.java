package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.SingleUse;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.Transcript;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Signing, second round: the opening of the nonce, the answers to the multiplications, and what
/// the peers check them with. What comes out is a presignature.
public final class SigningSecondRound implements AutoCloseable {
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;

  private final SigningPlan plan;
  private final NonceShare nonce;

  /// sk, of which all signers' add up to the derived key.
  private final Scalar additive;

  private final Secp256k1Point publicShare;
  private final Map<Party, PeerExchange> exchanges;
  private final Map<Party, byte[]> messages;
  private final SingleUse once = new SingleUse();

  SigningSecondRound(
      SigningPlan plan, NonceShare nonce, Scalar additive, Map<Party, PeerExchange> exchanges) {
    this.plan = plan;
    this.nonce = nonce;
    this.additive = additive;
    this.publicShare = GROUP.generate(additive);
    this.exchanges = exchanges;
    this.messages = written();
  }

  /// One for each peer: the same bytes whenever they are asked for.
  ///
  /// @throws ProtocolAbortException with REUSE when a setup has been closed
  public Map<Party, byte[]> messages() throws ProtocolAbortException {
    plan.requireOpen();
    return copied(messages);
  }

  static Map<Party, byte[]> copied(Map<Party, byte[]> messages) {
    Map<Party, byte[]> copied = new TreeMap<>();
    messages.forEach((peer, message) -> copied.put(peer, message.clone()));
    return copied;
  }

  private Map<Party, byte[]> written() {
    Map<Party, byte[]> written = new TreeMap<>();
    exchanges.forEach(
        (peer, exchange) ->
            written.put(
                peer,
                new SigningSecondMessage(
                        nonce.point(),
                        nonce.salt(),
                        publicShare,
                        GROUP.generate(exchange.nonceShare()),
                        GROUP.generate(exchange.keyShare()),
                        nonce.mask().minus(exchange.receiver().factor()),
                        exchange.answer())
                    .encode(plan.outward(peer))));
    return written;
  }

  /// @param messages one of each peer
  /// @throws ProtocolAbortException which bans a peer whose opening, multiplication, nonce or key
  /// does not fit; which leaves this round as it was where a message cannot be read or is of
  /// another session; with REUSE once this is closed, or a setup is
  public synchronized Presignature receive(Map<Party, byte[]> messages)
      throws ProtocolAbortException {
    Addressed.from(exchanges.keySet(), messages);
    Map<Party, SigningSecondMessage> received = new TreeMap<>();
    for (Map.Entry<Party, byte[]> message : messages.entrySet()) {
      Party peer = message.getKey();
      received.put(peer, SigningSecondMessage.decode(plan.inward(peer), message.getValue()));
    }
    once.use("the second round of this signature");
    try {
      return finished(received);
    } catch (ProtocolAbortException e) {
      plan.discard(e);
      throw e;
    } finally {
      close();
    }
  }

  private Presignature finished(Map<Party, SigningSecondMessage> received)
      throws ProtocolAbortException {
    Map<Party, Secp256k1Point> nonces = new TreeMap<>(Map.of(plan.own(), nonce.point()));
    Map<Party, Secp256k1Point> keys = new TreeMap<>(Map.of(plan.own(), publicShare));
    Sums sums = new Sums(nonce.mask());
    for (Map.Entry<Party, SigningSecondMessage> entry : received.entrySet()) {
      Party peer = entry.getKey();
      SigningSecondMessage message = entry.getValue();
      PeerExchange exchange = Optional.ofNullable(exchanges.get(peer)).orElseThrow();
      List<Scalar> shares = plan.setup(peer).checking(() -> checked(peer, message, exchange));
      sums.add(exchange, shares, message.mask());
      nonces.put(peer, message.nonce());
      keys.put(peer, message.key());
    }
    if (!sum(keys).equals(plan.key())) {
      throw notTheKey();
    }
    Secp256k1Point point = sum(nonces);
    if (point.isIdentity()) {
      throw new ProtocolAbortException(
          Reason.BAD_RESULT, Optional.empty(), "the nonces add up to the identity");
    }
    Transcript view = Transcript.of("signing view").add("session", plan.session());
    nonces.values().forEach(one -> view.add("nonce", one));
    keys.values().forEach(one -> view.add("key", one));
    return sums.presignature(plan, nonce, additive, point, view.digest());
  }

  /// This party's shares d of the products with the peer's nonce and key.
  private List<Scalar> checked(Party peer, SigningSecondMessage message, PeerExchange exchange)
      throws ProtocolAbortException {
    byte[] opened = NonceShare.commitment(plan.session(), peer, message.nonce(), message.salt());
    if (!MessageDigest.isEqual(opened, exchange.commitment())) {
      throw banned(peer, "its nonce is not what it has committed to");
    }
    List<Scalar> shares = exchange.receiver().finish(message.answer());
    Scalar factor = exchange.receiver().factor();
    boolean nonceFits = fits(factor, message.nonce(), message.nonceShare(), shares.getFirst());
    boolean keyFits = fits(factor, message.key(), message.keyShare(), shares.getLast());
    if (!nonceFits || !keyFits) {
      shares.forEach(Scalar::wipe);
      throw banned(
          peer, "its %s is not what it has multiplied".formatted(nonceFits ? "key" : "nonce"));
    }
    return shares;
  }

  /// `χ·P = Γ + d·G`.
  private static boolean fits(
      Scalar factor, Secp256k1Point point, Secp256k1Point theirs, Scalar share) {
    return point.times(factor).equals(theirs.plus(GROUP.generate(share)));
  }

  private static Secp256k1Point sum(Map<Party, Secp256k1Point> points) {
    Secp256k1Point sum = GROUP.identity();
    for (Secp256k1Point point : points.values()) {
      sum = sum.plus(point);
    }
    return sum;
  }

  /// Of two signers it is the other one; of more nobody can tell who it is.
  private ProtocolAbortException notTheKey() {
    String what = "the shares of the signers do not add up to the key";
    return exchanges.size() == 1
        ? banned(exchanges.keySet().iterator().next(), what)
        : new ProtocolAbortException(Reason.BAD_PROOF, Optional.empty(), what);
  }

  private static ProtocolAbortException banned(Party peer, String what) {
    return ProtocolAbortException.banning(Reason.BAD_PROOF, peer, what);
  }

  /// Nothing comes of it, or what comes of it has been taken out.
  @Override
  public synchronized void close() {
    once.end();
    nonce.close();
    additive.wipe();
    exchanges.values().forEach(PeerExchange::close);
  }
}
