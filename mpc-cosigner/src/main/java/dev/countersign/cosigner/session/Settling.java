package dev.countersign.cosigner.session;

import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.session.Step.Advance;
import dev.countersign.cosigner.store.CosignerStore;
import dev.countersign.cosigner.store.StatementList;
import dev.countersign.cosigner.store.StoredKey;
import dev.countersign.cosigner.wire.MalformedBytesException;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.mpc.key.KeyLedger;
import dev.countersign.mpc.key.PreparedKey;
import dev.countersign.mpc.transcript.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Brings parties together again that have not all seen the end of a generation or a refresh, in
/// three rounds. First all show what they have: that they stored what is prepared, and what all
/// have signed of the epoch in use. Who has seen that all stored it uses it. Then who has not
/// stored it refuses it for good, by which the others give it up. Last, all say what they use.
final class Settling {
  private final KeyId key;
  private final Party self;
  private final List<Party> peers;
  private final Identity identity;
  private final CosignerStore store;
  private final Runnable activated;

  Settling(
      KeyId key,
      Party self,
      List<Party> peers,
      Identity identity,
      CosignerStore store,
      Runnable activated) {
    this.key = key;
    this.self = self;
    this.peers = peers;
    this.identity = identity;
    this.store = store;
    this.activated = activated;
  }

  Step begin() throws ProtocolAbortException {
    List<Statement> shown = new ArrayList<>();
    try (Open open = open()) {
      open.key().ifPresent(known -> shown.addAll(known.statements()));
      if (open.ledger().flatMap(KeyLedger::prepared).isPresent()) {
        shown.add(open.ledger().orElseThrow().stored(identity));
      }
    }
    return Step.of(toAll(shown), () -> {}, messages -> new Advance.Next(refusing(read(messages))));
  }

  private Step refusing(List<Statement> shown) throws ProtocolAbortException {
    Set<SessionId> unknown = new HashSet<>();
    shown.stream()
        .filter(one -> one.kind() == Kind.STORED)
        .forEach(one -> unknown.add(one.session()));
    Optional<PreparedKey<Secp256k1Point>> prepared;
    long next;
    try (Open open = open()) {
      prepared = open.ledger().flatMap(KeyLedger::prepared);
      next =
          open.ledger().flatMap(KeyLedger::active).map(share -> share.key().epoch() + 1).orElse(0L);
      open.key()
          .ifPresent(known -> known.statements().forEach(one -> unknown.remove(one.session())));
    }
    List<Statement> refusals = new ArrayList<>();
    if (prepared.isPresent()) {
      SessionId session = prepared.get().outcome().session();
      unknown.remove(session);
      List<Statement> stored =
          shown.stream()
              .filter(one -> one.kind() == Kind.STORED && one.session().equals(session))
              .toList();
      if (holds(prepared.get(), stored)) {
        List<Statement> all = new ArrayList<>(stored);
        all.add(prepared.get().outcome().state(Kind.STORED, self, identity));
        store.activate(key, ledger -> ledger.activate(stored), all);
        activated.run();
        unknown.clear(); // of epochs before this one
      }
    }
    for (SessionId session : unknown) {
      refuse(session, next).ifPresent(refusals::add);
    }
    return Step.of(toAll(refusals), () -> {}, messages -> new Advance.Next(using(read(messages))));
  }

  private boolean holds(PreparedKey<Secp256k1Point> prepared, List<Statement> stored) {
    try {
      prepared.outcome().requireAll(Kind.STORED, self, stored);
      return true;
    } catch (ProtocolAbortException e) {
      return false; // of somebody there is none yet
    }
  }

  /// Nothing for a session that is over, or would make another epoch than the next.
  private Optional<Statement> refuse(SessionId session, long epoch) {
    try {
      Statement[] refusal = new Statement[1];
      store.abandon(
          key,
          ledger -> {
            KeyLedger<Secp256k1Point> next = ledger.refuse(session, epoch);
            refusal[0] = next.refusal(session, identity);
            return next;
          });
      return Optional.of(refusal[0]);
    } catch (ProtocolAbortException e) {
      return Optional.empty();
    }
  }

  private Step using(List<Statement> refusals) throws ProtocolAbortException {
    for (Statement refusal : refusals) {
      if (refusal.kind() == Kind.REFUSED) {
        abandon(refusal);
      }
    }
    List<Statement> uses = new ArrayList<>();
    try (Open open = open()) {
      if (open.ledger().flatMap(KeyLedger::active).isPresent()) {
        uses.add(open.ledger().orElseThrow().activated(identity));
      }
    }
    return Step.of(toAll(uses), () -> {}, messages -> new Advance.Done(settled(read(messages))));
  }

  private void abandon(Statement refusal) {
    try {
      store.abandon(key, ledger -> ledger.abandon(refusal));
    } catch (ProtocolAbortException e) {
      // A refusal of something else: nothing is given up for it.
    }
  }

  private SessionOutcome settled(List<Statement> uses) throws ProtocolAbortException {
    boolean isRetiring;
    try (Open open = open()) {
      isRetiring = open.ledger().flatMap(KeyLedger::retiring).isPresent();
    }
    if (isRetiring) {
      try {
        store.retire(key, ledger -> ledger.retire(uses));
      } catch (ProtocolAbortException e) {
        // Not all use it yet: the epoch before is kept.
      }
    }
    try (Open open = open()) {
      return new SessionOutcome.Settled(
          open.ledger().flatMap(KeyLedger::active).map(share -> share.key().epoch()),
          open.ledger().flatMap(KeyLedger::prepared).isPresent());
    }
  }

  /// The key as it is stored, if it is.
  private record Open(Optional<StoredKey> key) implements AutoCloseable {
    Optional<KeyLedger<Secp256k1Point>> ledger() {
      return key.map(StoredKey::ledger);
    }

    @Override
    public void close() {
      key.ifPresent(StoredKey::close);
    }
  }

  private Open open() {
    return new Open(store.key(key));
  }

  private Map<Party, byte[]> toAll(List<Statement> statements) {
    Map<Party, byte[]> messages = new TreeMap<>();
    peers.forEach(peer -> messages.put(peer, StatementList.encode(statements)));
    return messages;
  }

  private static List<Statement> read(Map<Party, byte[]> messages) throws ProtocolAbortException {
    List<Statement> statements = new ArrayList<>();
    for (Map.Entry<Party, byte[]> message : messages.entrySet()) {
      try {
        statements.addAll(StatementList.decode(message.getValue()));
      } catch (MalformedBytesException e) {
        throw new ProtocolAbortException(
            Reason.MALFORMED, Optional.of(message.getKey()), String.valueOf(e.getMessage()));
      }
    }
    return statements;
  }
}
