package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.cosigner.judge.Judge;
import dev.countersign.cosigner.session.SessionOutcome.Cause;
import dev.countersign.cosigner.store.CosignerStore;
import dev.countersign.cosigner.wire.MalformedBytesException;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ban.Ban;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One cosigner: what it does when a coordinator asks for a session or brings bytes of others. The
/// coordinator carries bytes and chooses who takes part and when; it can end sessions, and nothing
/// else. Sessions are in memory alone: after a start there are none, and what they have stored is
/// settled by [Work.Settle]. Safe for concurrent use; sessions do not wait for each other.
public final class CosignerNode implements Cosigner, AutoCloseable {
  /// How many outcomes are told again to whoever has missed them.
  private static final int MOST_REMEMBERED = 4096;

  private final Party self;
  private final SessionLimits limits;
  private final InstantSource clock;
  private final SecureRandom random;
  private final LiveBans liveBans;
  private final LiveKeys keys;
  private final PresignaturePool pool;
  private final SessionOpening opening;
  private final Map<Bytes, Session> sessions = new LinkedHashMap<>();
  private final Map<Bytes, SessionOutcome> remembered = new LinkedHashMap<>();
  private final Set<Bytes> beginning = new HashSet<>();
  private boolean closed;

  /// @param identity this cosigner's
  /// @param peers the others' identities by their numbers, as they are configured
  /// @param random for keys, nonces and sessions
  public CosignerNode(
      Party self,
      Identity identity,
      Map<Party, PeerIdentity> peers,
      CosignerStore store,
      Judge judge,
      SessionLimits limits,
      InstantSource clock,
      SecureRandom random) {
    this.self = self;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.keys = new LiveKeys(store);
    this.pool = new PresignaturePool(limits.presignatures());
    this.liveBans = new LiveBans(store, keys);
    this.opening =
        new SessionOpening(self, identity, peers, store, judge, keys, pool, liveBans, random);
  }

  public Party self() {
    return self;
  }

  /// Begins a session, unless this cosigner takes no part: then the reply has the outcome.
  ///
  /// @param proposal a [SessionProposal], encoded
  @Override
  public SessionReply open(byte[] proposal) {
    SessionProposal read;
    try {
      read = SessionProposal.decode(proposal);
    } catch (MalformedBytesException e) {
      return SessionReply.of(failed(Cause.INVALID, String.valueOf(e.getMessage())));
    }
    if (!Arrays.equals(read.encode(), proposal)) {
      return SessionReply.of(failed(Cause.INVALID, "a proposal in another form than its own"));
    }
    synchronized (sessions) {
      int running = sessions.size() + beginning.size();
      if (closed || running >= limits.sessions()) {
        return SessionReply.of(failed(Cause.BUSY, "%d sessions run".formatted(running)));
      }
      if (sessions.containsKey(read.tag())
          || remembered.containsKey(read.tag())
          || !beginning.add(read.tag())) {
        return SessionReply.of(failed(Cause.INVALID, "a session of this tag was begun before"));
      }
    }
    return settled(read.tag(), begun(read));
  }

  private Instant deadline() {
    return clock.instant().plus(limits.duration());
  }

  private SessionReply begun(SessionProposal proposal) {
    byte[] part = new byte[SessionProposal.TAG_BYTES];
    random.nextBytes(part);
    try {
      Session session = opening.open(proposal, Bytes.of(part), deadline());
      synchronized (sessions) {
        if (closed) {
          session.close();
        }
        sessions.put(proposal.tag(), session);
      }
      return session.begin();
    } catch (SessionEndedException e) {
      return SessionReply.of(e.outcome());
    } catch (RuntimeException e) {
      return SessionReply.of(Outages.outcome(e));
    } finally {
      synchronized (sessions) {
        beginning.remove(proposal.tag());
      }
    }
  }

  /// Brings what others have sent.
  ///
  /// @param messages for this cosigner
  @Override
  public SessionReply deliver(Bytes tag, List<Envelope> messages) {
    Session session;
    synchronized (sessions) {
      session = sessions.get(tag);
      if (session == null) {
        return SessionReply.of(
            Optional.ofNullable(remembered.get(tag))
                .orElseGet(() -> failed(Cause.UNKNOWN, "there is no such session")));
      }
    }
    if (clock.instant().isAfter(session.deadline())) {
      return settled(tag, SessionReply.of(session.end(Cause.EXPIRED, "it took too long")));
    }
    return settled(
        tag,
        session.receive(messages.stream().filter(message -> message.to().equals(self)).toList()));
  }

  /// Ends a session.
  @Override
  public SessionOutcome cancel(Bytes tag) {
    Session session;
    synchronized (sessions) {
      session = sessions.get(tag);
      if (session == null) {
        return Optional.ofNullable(remembered.get(tag))
            .orElseGet(() -> failed(Cause.UNKNOWN, "there is no such session"));
      }
    }
    SessionOutcome outcome = session.end(Cause.CANCELLED, "the coordinator has ended it");
    forget(tag, outcome);
    return outcome;
  }

  /// Ends what has taken too long, and makes durable what could not be made so before. To be called
  /// every now and then.
  public void sweep() {
    liveBans.retry();
    Instant now = clock.instant();
    Map<Bytes, Session> late = new LinkedHashMap<>();
    synchronized (sessions) {
      sessions.forEach(
          (tag, session) -> {
            if (now.isAfter(session.deadline())) {
              late.put(tag, session);
            }
          });
    }
    late.forEach((tag, session) -> forget(tag, session.end(Cause.EXPIRED, "it took too long")));
  }

  /// How many sessions run.
  public int sessions() {
    synchronized (sessions) {
      return sessions.size();
    }
  }

  /// How many presignatures wait.
  public int presignatures() {
    return pool.size();
  }

  /// An operator's: all sessions with the party end.
  public void ban(Ban ban) {
    liveBans.ban(ban);
  }

  private SessionReply settled(Bytes tag, SessionReply reply) {
    reply.outcome().ifPresent(outcome -> forget(tag, outcome));
    return reply;
  }

  private void forget(Bytes tag, SessionOutcome outcome) {
    synchronized (sessions) {
      sessions.remove(tag);
      remembered.put(tag, outcome);
      if (remembered.size() > MOST_REMEMBERED) {
        remembered.remove(remembered.keySet().iterator().next());
      }
    }
  }

  private static SessionOutcome failed(Cause cause, String detail) {
    return new SessionOutcome.Failed(cause, Optional.empty(), detail);
  }

  /// All sessions end, and all presignatures are gone.
  @Override
  public void close() {
    List<Session> all;
    synchronized (sessions) {
      closed = true;
      all = new ArrayList<>(sessions.values());
      sessions.clear();
    }
    all.forEach(Session::close);
    pool.clear();
  }
}
