package dev.countersign.cosigner.session;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.Ban;
import dev.countersign.mpc.channel.ChannelHandshake;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.transcript.SessionId;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The parts of a session that its plan and its parties make.
final class SessionParts implements Session.Parts {
  private static final int VERSION = 1;

  private final SessionProposal proposal;
  private final SessionPlan plan;
  private final Party self;
  private final Identity identity;
  private final Map<Party, PeerIdentity> identities;
  private final Consumer<Ban> liveBans;
  private final SecureRandom random;

  SessionParts(
      SessionProposal proposal,
      SessionPlan plan,
      Party self,
      Identity identity,
      Map<Party, PeerIdentity> identities,
      Consumer<Ban> liveBans,
      SecureRandom random) {
    this.proposal = proposal;
    this.plan = plan;
    this.self = self;
    this.identity = identity;
    this.identities = identities;
    this.liveBans = liveBans;
    this.random = random;
  }

  @Override
  public SessionId name(byte[] nonce) {
    return SessionId.of(
        plan.frame().protocol(),
        VERSION,
        SessionOpening.bytes(proposal.key()),
        plan.frame().epoch(),
        proposal.parties(),
        plan.frame().threshold(),
        nonce,
        plan.frame().keygen().toArray());
  }

  @Override
  public ChannelHandshake handshake(SessionId name, Party peer) {
    return ChannelHandshake.begin(name, self, identity, peer, identity(peer), random);
  }

  @Override
  public PeerIdentity identity(Party peer) {
    return Optional.ofNullable(identities.get(peer)).orElseThrow();
  }

  @Override
  public Step begin(SessionId name) throws ProtocolAbortException, SessionEndedException {
    return plan.begin().with(name);
  }

  @Override
  public void ban(Ban ban) {
    liveBans.accept(ban);
  }

  @Override
  public void release() {
    plan.release().run();
  }
}
