package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.judge.Judge;
import dev.countersign.cosigner.judge.Judgement;
import dev.countersign.cosigner.judge.SigningOrder;
import dev.countersign.cosigner.session.SessionOutcome.Cause;
import dev.countersign.cosigner.session.Step.Advance;
import dev.countersign.cosigner.store.CosignerStore;
import dev.countersign.cosigner.store.StoredKey;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.derivation.DerivedKey;
import dev.countersign.mpc.derivation.UnderivableKeyException;
import dev.countersign.mpc.dkls.PairSetup;
import dev.countersign.mpc.dkls.Presignature;
import dev.countersign.mpc.dkls.SigningPlan;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.keygen.DealingPlan;
import dev.countersign.mpc.transcript.SessionId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out whether this cosigner takes part in what is proposed, and makes the session if it
/// does.
final class SessionOpening {
  private static final Logger LOG = LoggerFactory.getLogger(SessionOpening.class);
  private static final Bytes NO_KEYGEN = Bytes.of(new byte[SessionId.BYTES]);

  private final Party self;
  private final Identity identity;
  private final Map<Party, PeerIdentity> peers;
  private final CosignerStore store;
  private final Judge judge;
  private final LiveKeys keys;
  private final PresignaturePool pool;
  private final LiveBans liveBans;
  private final SecureRandom random;

  SessionOpening(
      Party self,
      Identity identity,
      Map<Party, PeerIdentity> peers,
      CosignerStore store,
      Judge judge,
      LiveKeys keys,
      PresignaturePool pool,
      LiveBans liveBans,
      SecureRandom random) {
    this.self = self;
    this.identity = identity;
    this.peers = new TreeMap<>(peers);
    this.store = store;
    this.judge = judge;
    this.keys = keys;
    this.pool = pool;
    this.liveBans = liveBans;
    this.random = random;
    this.peers.put(self, identity.known());
  }

  /// @param part of the session's nonce
  /// @throws SessionEndedException when this cosigner takes no part
  Session open(SessionProposal proposal, Bytes part, Instant deadline)
      throws SessionEndedException {
    if (!proposal.parties().contains(self) || !peers.keySet().containsAll(proposal.parties())) {
      throw new SessionEndedException(
          Cause.INVALID,
          "parties %s, expected %s and some of %s"
              .formatted(proposal.parties(), self, peers.keySet()));
    }
    if (!liveBans.isDurable()) {
      throw new SessionEndedException(Cause.UNAVAILABLE, "a ban is not durable yet");
    }
    Map<Party, PeerIdentity> identities = new TreeMap<>(peers);
    identities.keySet().retainAll(proposal.parties());
    try {
      liveBans.bans().admit(identities);
    } catch (ProtocolAbortException e) {
      throw new SessionEndedException(SessionEndedException.failed(e));
    }
    SessionPlan plan =
        switch (proposal.work()) {
          case Work.Generate(int threshold) -> generate(proposal, identities, threshold);
          case Work.Refresh ignored -> refresh(proposal, identities);
          case Work.Settle ignored -> settle(proposal);
          case Work.Sign(SigningOrder order) -> sign(proposal, order);
          case Work.Presign(List<Integer> path) -> presign(proposal, path);
          case Work.SignPresigned(Bytes id, SigningOrder order) ->
              signPresigned(proposal, id, order);
        };
    return new Session(
        proposal,
        self,
        new SessionParts(proposal, plan, self, identity, identities, liveBans::ban, random),
        new Hello(part, plan.frame().epoch()),
        deadline);
  }

  static byte[] bytes(KeyId key) {
    return key.value().getBytes(StandardCharsets.UTF_8);
  }

  private SessionPlan generate(
      SessionProposal proposal, Map<Party, PeerIdentity> identities, int threshold)
      throws SessionEndedException {
    Optional<StoredKey> known = store.key(proposal.key());
    if (known.isPresent()) {
      try (StoredKey key = known.get()) {
        if (key.ledger().active().isPresent() || key.ledger().prepared().isPresent()) {
          throw new SessionEndedException(
              Cause.INVALID, "there is a key %s, or one to settle".formatted(proposal.key()));
        }
      }
    }
    return new SessionPlan(
        new SessionPlan.Frame("cosigner generation", 0, threshold, NO_KEYGEN),
        name ->
            making(
                    proposal,
                    DealingPlan.generation(
                        Secp256k1Group.INSTANCE,
                        bytes(proposal.key()),
                        identities,
                        threshold,
                        name.bytes(),
                        liveBans.bans()))
                .begin(Optional.empty()),
        () -> {});
  }

  private KeyMaking making(SessionProposal proposal, DealingPlan<Secp256k1Point> plan) {
    return new KeyMaking(
        proposal.key(), plan, self, identity, store, replaced(proposal.key()), random);
  }

  /// What was made with the shares of before is discarded.
  private Runnable replaced(KeyId key) {
    return () -> {
      keys.replace(key);
      pool.discard(key);
    };
  }

  private SessionPlan refresh(SessionProposal proposal, Map<Party, PeerIdentity> identities)
      throws SessionEndedException {
    LiveKeys.Lease lease = keys.acquire(proposal.key());
    return new SessionPlan(
        SessionPlan.Frame.of("cosigner refresh", lease.share().key()),
        name ->
            making(
                    proposal,
                    DealingPlan.refresh(
                        lease.share().key(), identities, name.bytes(), liveBans.bans()))
                .begin(Optional.of(lease.share())),
        lease::close);
  }

  private SessionPlan settle(SessionProposal proposal) {
    List<Party> others = new ArrayList<>(proposal.parties());
    others.remove(self);
    return new SessionPlan(
        new SessionPlan.Frame("cosigner settlement", 0, 2, NO_KEYGEN),
        name ->
            new Settling(proposal.key(), self, others, identity, store, replaced(proposal.key()))
                .begin(),
        () -> {});
  }

  private SessionPlan sign(SessionProposal proposal, SigningOrder order)
      throws SessionEndedException {
    LiveKeys.Lease lease = trusted(proposal);
    try {
      Digest32 digest = judged(order);
      Signing signing = new Signing(random);
      return new SessionPlan(
          SessionPlan.Frame.of("cosigner signing", lease.share().key()),
          name ->
              signing.begin(
                  plan(lease, name, proposal, order.path()),
                  presignature ->
                      new Advance.Next(
                          Signing.third(
                              presignature, digest, store.presignatures(proposal.key())))),
          lease::close);
    } catch (SessionEndedException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private SessionPlan presign(SessionProposal proposal, List<Integer> path)
      throws SessionEndedException {
    LiveKeys.Lease lease = trusted(proposal);
    return new SessionPlan(
        SessionPlan.Frame.of("cosigner presigning", lease.share().key()),
        name ->
            new Signing(random)
                .begin(
                    plan(lease, name, proposal, path),
                    presignature -> pooled(presignature, proposal.key(), path)),
        lease::close);
  }

  private Advance pooled(Presignature presignature, KeyId key, List<Integer> path)
      throws ProtocolAbortException {
    try {
      // Its own lease: the session's ends with the session.
      LiveKeys.Lease lease = keys.acquire(key);
      PresignaturePool.Held held =
          new PresignaturePool.Held(presignature, key, List.copyOf(path), lease);
      if (!pool.add(held)) {
        held.close();
        return new Advance.Done(failed(Cause.BUSY, "the pool of presignatures is full"));
      }
      return new Advance.Done(new SessionOutcome.Presigned(Bytes.of(presignature.id().bytes())));
    } catch (SessionEndedException e) {
      presignature.close();
      return new Advance.Done(e.outcome());
    }
  }

  private SessionPlan signPresigned(SessionProposal proposal, Bytes id, SigningOrder order)
      throws SessionEndedException {
    Digest32 digest = judged(order);
    PresignaturePool.Held held =
        pool.take(id)
            .orElseThrow(
                () -> new SessionEndedException(Cause.UNKNOWN, "there is no such presignature"));
    if (!held.isOf(order.key(), order.path(), proposal.parties())) {
      held.close();
      throw new SessionEndedException(
          Cause.INVALID, "the presignature is for another key, path or signers: it is gone");
    }
    return new SessionPlan(
        SessionPlan.Frame.of("cosigner presigned signing", held.lease().share().key()),
        name -> Signing.third(held.presignature(), digest, store.presignatures(proposal.key())),
        held::close);
  }

  /// A key that may sign, with these signers.
  private LiveKeys.Lease trusted(SessionProposal proposal) throws SessionEndedException {
    LiveKeys.Lease lease = keys.acquire(proposal.key());
    EpochKey<Secp256k1Point> key = lease.share().key();
    Optional<SessionEndedException> fault = Optional.empty();
    if (!lease.isTrusted()) {
      fault =
          Optional.of(
              new SessionEndedException(
                  Cause.RESTORED,
                  "an old copy was put in the place of this cosigner's database: key %s is to be refreshed"
                      .formatted(proposal.key())));
    } else if (proposal.parties().size() != key.key().threshold()
        || !key.parties().containsAll(proposal.parties())) {
      fault =
          Optional.of(
              new SessionEndedException(
                  Cause.NO_KEY,
                  "key %s is signed for by %d of %s"
                      .formatted(proposal.key(), key.key().threshold(), key.parties())));
    }
    if (fault.isPresent()) {
      lease.close();
      throw fault.get();
    }
    return lease;
  }

  /// The digest that the judge has worked out; no other is signed.
  private Digest32 judged(SigningOrder order) throws SessionEndedException {
    Judgement judgement;
    try {
      judgement = judge.judge(order);
    } catch (RuntimeException e) {
      LOG.error("the judge of key {} fails", order.key(), e);
      judgement = new Judgement.Refused(Judgement.Reason.UNAVAILABLE, "the judge fails");
    }
    return switch (judgement) {
      case Judgement.Allowed(Digest32 digest) -> digest;
      case Judgement.Refused(Judgement.Reason reason, String detail) -> {
        LOG.warn("an order for key {} is refused: {}: {}", order.key(), reason, detail);
        throw new SessionEndedException(new SessionOutcome.Refused(reason, detail));
      }
    };
  }

  private SigningPlan plan(
      LiveKeys.Lease lease, SessionId name, SessionProposal proposal, List<Integer> path)
      throws ProtocolAbortException, SessionEndedException {
    List<PairSetup> setups = new ArrayList<>();
    for (Party peer : proposal.parties()) {
      if (!peer.equals(self)) {
        setups.add(
            lease
                .setup(peer)
                .orElseThrow(
                    () ->
                        new SessionEndedException(Cause.NO_KEY, "there is no setup with " + peer)));
      }
    }
    try {
      return new SigningPlan(
          name,
          lease.share().share(),
          DerivedKey.of(lease.share().key(), path).offset(),
          proposal.parties(),
          setups,
          liveBans.bans());
    } catch (UnderivableKeyException e) {
      throw new SessionEndedException(Cause.INVALID, String.valueOf(e.getMessage()));
    }
  }

  private static SessionOutcome failed(Cause cause, String detail) {
    return new SessionOutcome.Failed(cause, Optional.empty(), detail);
  }
}
