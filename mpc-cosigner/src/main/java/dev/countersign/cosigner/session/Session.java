package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.cosigner.session.SessionOutcome.Cause;
import dev.countersign.cosigner.session.SessionOutcome.Failed;
import dev.countersign.cosigner.session.Step.Advance;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.Ban;
import dev.countersign.mpc.channel.Channel;
import dev.countersign.mpc.channel.ChannelHandshake;
import dev.countersign.mpc.channel.ChannelOffer;
import dev.countersign.mpc.channel.Received;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One session at one cosigner. Hellos carry a random part of the session's name each, so that it
/// is new whatever the coordinator does; offers are signed for that name, and make the channels;
/// all that follows goes through them. What a coordinator alters, drops or sends twice ends at most
/// this session.
final class Session implements AutoCloseable {
  private static final int MOST_EARLY = 64;

  private final SessionProposal proposal;
  private final Party self;
  private final Parts parts;
  private final Hello own;
  private final Instant deadline;
  private final Map<Party, Hello> hellos = new TreeMap<>();
  private final Map<Party, ChannelHandshake> handshakes = new TreeMap<>();
  private final Map<Party, Channel> channels = new TreeMap<>();

  /// What came before it was its turn.
  private final List<Envelope> early = new ArrayList<>();

  private final Map<Long, Map<Party, byte[]>> rounds = new HashMap<>();
  private final List<Envelope> out = new ArrayList<>();
  private Optional<SessionId> name = Optional.empty();
  private Optional<Step> step = Optional.empty();
  private long round = -1;
  private Optional<SessionOutcome> outcome = Optional.empty();

  /// What a session is made of beside its proposal.
  interface Parts {
    /// @param nonce 32 bytes of which every party has made a part
    SessionId name(byte[] nonce);

    ChannelHandshake handshake(SessionId name, Party peer);

    PeerIdentity identity(Party peer);

    Step begin(SessionId name) throws ProtocolAbortException, SessionEndedException;

    /// Durable when it returns.
    void ban(Ban ban);

    /// The session is over: nothing is needed any more.
    void release();
  }

  Session(SessionProposal proposal, Party self, Parts parts, Hello own, Instant deadline) {
    this.proposal = proposal;
    this.self = self;
    this.parts = parts;
    this.own = own;
    this.deadline = deadline;
  }

  Instant deadline() {
    return deadline;
  }

  synchronized SessionReply begin() {
    send(own.encode());
    return reply();
  }

  synchronized SessionReply receive(List<Envelope> messages) {
    early.addAll(messages);
    boolean moved = true;
    while (moved && outcome.isEmpty()) {
      List<Envelope> now = List.copyOf(early);
      early.clear();
      moved = false;
      for (Envelope message : now) {
        moved |= guarded(() -> take(message));
      }
    }
    if (early.size() > MOST_EARLY) {
      early.subList(0, early.size() - MOST_EARLY).clear();
    }
    return reply();
  }

  private SessionReply reply() {
    List<Envelope> messages = List.copyOf(out);
    out.clear();
    return new SessionReply(messages, outcome);
  }

  /// What may end the session.
  private interface Taking {
    boolean run() throws ProtocolAbortException, SessionEndedException;
  }

  private boolean guarded(Taking taking) {
    if (outcome.isPresent()) {
      return false;
    }
    try {
      return taking.run();
    } catch (ProtocolAbortException e) {
      ban(e);
      end(SessionEndedException.failed(e));
    } catch (SessionEndedException e) {
      end(e.outcome());
    } catch (RuntimeException e) {
      end(Outages.outcome(e));
    }
    return false;
  }

  /// Before anybody hears of it.
  private void ban(ProtocolAbortException abort) {
    Optional<Party> culprit = abort.culprit();
    if (abort.bansCulprit() && culprit.isPresent()) {
      parts.ban(
          new Ban(
              culprit.get(),
              parts.identity(culprit.get()),
              step.map(Step::blame).orElse(Ban.Cause.CONSISTENCY),
              name.orElseThrow()));
    }
  }

  /// @return whether it changed something
  private boolean take(Envelope message) throws ProtocolAbortException, SessionEndedException {
    Party from = message.from();
    byte[] bytes = message.bytes().toArray();
    if (from.equals(self) || !proposal.parties().contains(from)) {
      return false;
    }
    if (name.isEmpty()) {
      Optional<Hello> hello = Hello.decode(bytes);
      if (hello.isPresent()) {
        return greet(from, hello.get());
      }
      early.add(message);
      return false;
    }
    if (!channels.containsKey(from)) {
      return offered(message, bytes);
    }
    return opened(of(channels, from), bytes);
  }

  private boolean greet(Party from, Hello hello) throws SessionEndedException {
    if (hellos.putIfAbsent(from, hello) != null) {
      return false;
    }
    if (hello.epoch() != own.epoch()) {
      throw new SessionEndedException(
          Cause.MISMATCH,
          "%s is in epoch %d, this is %d".formatted(from, hello.epoch(), own.epoch()));
    }
    if (hellos.size() == proposal.parties().size() - 1) {
      hellos.put(self, own);
      Transcript nonce = Transcript.of("cosigner session nonce").add("proposal", proposal.encode());
      hellos.values().forEach(one -> nonce.add("part", one.part()));
      SessionId named = parts.name(nonce.digest());
      name = Optional.of(named);
      for (Party peer : peers()) {
        ChannelHandshake handshake = parts.handshake(named, peer);
        handshakes.put(peer, handshake);
        out.add(new Envelope(self, peer, Bytes.of(handshake.offer().encode())));
      }
    }
    return true;
  }

  private boolean offered(Envelope message, byte[] bytes)
      throws ProtocolAbortException, SessionEndedException {
    ChannelOffer offer;
    try {
      offer = ChannelOffer.decode(bytes);
    } catch (ProtocolAbortException e) {
      early.add(message);
      return false; // of a channel that is not there yet, or nobody's
    }
    Optional<Channel> channel = of(handshakes, message.from()).accept(offer);
    channel.ifPresent(made -> channels.put(message.from(), made));
    if (channel.isPresent() && channels.size() == peers().size()) {
      enter(parts.begin(name.orElseThrow()));
      advance();
    }
    return channel.isPresent();
  }

  private boolean opened(Channel channel, byte[] bytes)
      throws ProtocolAbortException, SessionEndedException {
    return switch (channel.open(bytes)) {
      case Received.Ignored ignored -> false;
      case Received.Message(long sequence, byte[] payload) -> {
        rounds.computeIfAbsent(sequence, any -> new TreeMap<>()).put(channel.peer(), payload);
        advance();
        yield true;
      }
    };
  }

  private void advance() throws ProtocolAbortException {
    while (step.isPresent() && outcome.isEmpty()) {
      Map<Party, byte[]> received = rounds.getOrDefault(round, Map.of());
      if (received.size() < peers().size()) {
        return;
      }
      Advance advance = step.get().receive().with(received);
      received.values().forEach(message -> Arrays.fill(message, (byte) 0));
      rounds.remove(round);
      switch (advance) {
        case Advance.Next(Step next) -> enter(next);
        case Advance.Done(SessionOutcome done) -> {
          step = Optional.empty();
          end(done);
        }
      }
    }
  }

  private void enter(Step next) {
    step = Optional.of(next);
    round++;
    for (Party peer : peers()) {
      byte[] message = of(next.messages(), peer);
      out.add(new Envelope(self, peer, Bytes.of(of(channels, peer).seal(message))));
      Arrays.fill(message, (byte) 0);
    }
  }

  private void send(byte[] message) {
    peers().forEach(peer -> out.add(new Envelope(self, peer, Bytes.of(message))));
  }

  private List<Party> peers() {
    return proposal.parties().stream().filter(party -> !party.equals(self)).toList();
  }

  private static <V> V of(Map<Party, V> map, Party party) {
    return Optional.ofNullable(map.get(party)).orElseThrow();
  }

  private void end(SessionOutcome with) {
    outcome = Optional.of(with);
    step.ifPresent(last -> last.secrets().close());
    step = Optional.empty();
    rounds.values().forEach(all -> all.values().forEach(bytes -> Arrays.fill(bytes, (byte) 0)));
    rounds.clear();
    early.clear();
    parts.release();
  }

  /// Ends it, if it has not ended.
  synchronized SessionOutcome end(Cause cause, String detail) {
    if (outcome.isEmpty()) {
      end(new Failed(cause, Optional.empty(), detail));
    }
    return outcome.orElseThrow();
  }

  @Override
  public void close() {
    var _ = end(Cause.CANCELLED, "closed");
  }
}
