package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.SingleUse;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.ot.ExtensionMessage;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.vole.VoleReceiver;
import dev.countersign.mpc.vole.VoleSender;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Signing, first round: a commitment to this party's part R of the nonce, and to each peer the
/// first message of the multiplication of which the peer has the inputs.
public final class SigningFirstRound implements AutoCloseable {
  private final SigningPlan plan;
  private final NonceShare nonce;
  private final Map<Party, VoleReceiver> multiplications;
  private final Map<Party, byte[]> messages;
  private final SecureRandom random;
  private final SingleUse once = new SingleUse();
  private boolean handedOver;

  /// What a peer has sent.
  private static final class Received {
    private final byte[] commitment;
    private final ExtensionMessage request;

    private Received(byte[] commitment, ExtensionMessage request) {
      this.commitment = commitment;
      this.request = request;
    }
  }

  private SigningFirstRound(
      SigningPlan plan,
      NonceShare nonce,
      Map<Party, VoleReceiver> multiplications,
      SecureRandom random) {
    this.plan = plan;
    this.nonce = nonce;
    this.multiplications = multiplications;
    this.random = random;
    this.messages = written();
  }

  /// @throws ProtocolAbortException with REUSE when a setup is closed
  public static SigningFirstRound begin(SigningPlan plan, SecureRandom random)
      throws ProtocolAbortException {
    Map<Party, VoleReceiver> multiplications = new TreeMap<>();
    try {
      for (Party peer : plan.peers()) {
        multiplications.put(peer, plan.setup(peer).multiply(plan.outward(peer), random));
      }
    } catch (ProtocolAbortException e) {
      multiplications.values().forEach(VoleReceiver::close);
      throw e;
    }
    return new SigningFirstRound(plan, NonceShare.draw(random), multiplications, random);
  }

  /// One for each peer: the same bytes whenever they are asked for.
  public Map<Party, byte[]> messages() {
    return SigningSecondRound.copied(messages);
  }

  private Map<Party, byte[]> written() {
    byte[] commitment =
        NonceShare.commitment(plan.session(), plan.own(), nonce.point(), nonce.salt());
    Map<Party, byte[]> written = new TreeMap<>();
    multiplications.forEach(
        (peer, multiplication) ->
            written.put(
                peer,
                Addressed.writer(WireForm.SIGNING_FIRST, plan.outward(peer))
                    .fixed(commitment)
                    .fixed(multiplication.message().bytes())
                    .finish()));
    return written;
  }

  private Received read(Party peer, byte[] message) throws ProtocolAbortException {
    WireReader in = Addressed.reader(WireForm.SIGNING_FIRST, plan.inward(peer), message);
    byte[] commitment = in.fixed(NonceShare.COMMITMENT_BYTES);
    ExtensionMessage request = new ExtensionMessage(in.fixed(ExtensionMessage.BYTES));
    in.end();
    return new Received(commitment, request);
  }

  /// Answers the peers' multiplications.
  ///
  /// @param messages one of each peer
  /// @throws ProtocolAbortException which bans a peer whose OT extension is not consistent; which
  /// leaves this round as it was where a message cannot be read or is of another session; with
  /// REUSE once this is closed, or a setup is
  public synchronized SigningSecondRound receive(Map<Party, byte[]> messages)
      throws ProtocolAbortException {
    Addressed.from(plan.peers(), messages);
    Map<Party, Received> received = new TreeMap<>();
    for (Map.Entry<Party, byte[]> message : messages.entrySet()) {
      received.put(message.getKey(), read(message.getKey(), message.getValue()));
    }
    once.use("the first round of this signature");
    Map<Party, PeerExchange> exchanges = new TreeMap<>();
    Scalar additive = ScalarField.SECP256K1.zero();
    try {
      additive = plan.additiveShare();
      for (Map.Entry<Party, Received> entry : received.entrySet()) {
        Party peer = entry.getKey();
        PairId inward = plan.inward(peer);
        VoleSender.Answered answered =
            plan.setup(peer)
                .answer(
                    inward, entry.getValue().request, List.of(nonce.secret(), additive), random);
        exchanges.put(
            peer,
            new PeerExchange(
                Optional.ofNullable(multiplications.get(peer)).orElseThrow(),
                answered,
                entry.getValue().commitment));
      }
      plan.requireOpen();
    } catch (ProtocolAbortException e) {
      exchanges.values().forEach(PeerExchange::close);
      additive.wipe();
      close();
      throw e;
    }
    handedOver = true;
    return new SigningSecondRound(plan, nonce, additive, exchanges);
  }

  /// Nothing comes of it, or it has gone on: then the next round has what this one had.
  @Override
  public synchronized void close() {
    once.end();
    if (!handedOver) {
      nonce.close();
      multiplications.values().forEach(VoleReceiver::close);
    }
  }
}
