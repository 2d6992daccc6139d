package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.cosigner.session.SessionOutcome.Cause;
import dev.countersign.cosigner.session.SessionOutcome.Failed;
import dev.countersign.mpc.Party;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of a coordinator that carries bytes: asks all parties at once, brings each what the
/// others say, and ends the session at all when one has ended it without what it was for. It knows
/// no secret and decides nothing.
public final class SessionRelay {
  private static final Logger LOG = LoggerFactory.getLogger(SessionRelay.class);

  private final Map<Party, Cosigner> cosigners;

  public SessionRelay(Map<Party, ? extends Cosigner> cosigners) {
    this.cosigners = new TreeMap<>(cosigners);
  }

  /// Runs a session to its end.
  ///
  /// @return what each of the proposal's parties says came of it
  public Map<Party, SessionOutcome> run(SessionProposal proposal) {
    Map<Party, SessionOutcome> outcomes = new TreeMap<>();
    byte[] encoded = proposal.encode();
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Envelope> carried =
          all(calls, proposal.parties(), outcomes, party -> of(party).open(encoded));
      while (outcomes.size() < proposal.parties().size()
          && !carried.isEmpty()
          && outcomes.values().stream().noneMatch(SessionRelay::isFailure)) {
        Map<Party, List<Envelope>> byReceiver = new HashMap<>();
        carried.forEach(
            message ->
                byReceiver.computeIfAbsent(message.to(), to -> new ArrayList<>()).add(message));
        byReceiver.keySet().retainAll(proposal.parties());
        byReceiver.keySet().removeAll(outcomes.keySet());
        carried =
            all(
                calls,
                List.copyOf(byReceiver.keySet()),
                outcomes,
                party ->
                    of(party).deliver(proposal.tag(), byReceiver.getOrDefault(party, List.of())));
      }
    }
    for (Party party : proposal.parties()) {
      if (!outcomes.containsKey(party)) {
        outcomes.put(party, cancelled(party, proposal.tag()));
      }
    }
    return outcomes;
  }

  private Cosigner of(Party party) {
    return Optional.ofNullable(cosigners.get(party))
        .orElseThrow(() -> new IllegalArgumentException("no cosigner is " + party));
  }

  private static boolean isFailure(SessionOutcome outcome) {
    return outcome instanceof Failed || outcome instanceof SessionOutcome.Refused;
  }

  private static List<Envelope> all(
      ExecutorService calls,
      List<Party> parties,
      Map<Party, SessionOutcome> outcomes,
      Function<Party, SessionReply> call) {
    Map<Party, Future<SessionReply>> replies = new TreeMap<>();
    parties.forEach(party -> replies.put(party, calls.submit(() -> call.apply(party))));
    List<Envelope> messages = new ArrayList<>();
    replies.forEach(
        (party, reply) -> {
          SessionReply said = answer(party, reply);
          messages.addAll(said.messages());
          said.outcome().ifPresent(outcome -> outcomes.put(party, outcome));
        });
    return messages;
  }

  private static SessionReply answer(Party party, Future<SessionReply> reply) {
    try {
      return reply.get();
    } catch (ExecutionException e) {
      LOG.warn("{} cannot be reached", party, e.getCause());
      return SessionReply.of(unreachable(party));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return SessionReply.of(unreachable(party));
    }
  }

  private SessionOutcome cancelled(Party party, Bytes tag) {
    try {
      return of(party).cancel(tag);
    } catch (RuntimeException e) {
      LOG.warn("{} cannot be reached", party, e);
      return unreachable(party);
    }
  }

  private static SessionOutcome unreachable(Party party) {
    return new Failed(Cause.UNAVAILABLE, Optional.empty(), party + " cannot be reached");
  }
}
