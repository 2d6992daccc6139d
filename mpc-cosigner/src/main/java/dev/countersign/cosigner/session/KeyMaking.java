package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.session.Step.Advance;
import dev.countersign.cosigner.store.CosignerStore;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.dkls.PairSetup;
import dev.countersign.mpc.dkls.PairSetupFirstRound;
import dev.countersign.mpc.dkls.PairSetupSecondRound;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.PreparedKey;
import dev.countersign.mpc.keygen.CertifyRound;
import dev.countersign.mpc.keygen.CommitRound;
import dev.countersign.mpc.keygen.DealingPlan;
import dev.countersign.mpc.keygen.EchoRound;
import dev.countersign.mpc.keygen.RevealRound;
import dev.countersign.mpc.transcript.SessionId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Key generation and refresh: four rounds that deal, two that make the setups of all pairs, one in
/// which all say that they have stored it and one in which all say that they use it. What is stored
/// is durable before it is said.
final class KeyMaking {
  private final KeyId key;
  private final DealingPlan<Secp256k1Point> plan;
  private final Party self;
  private final Identity identity;
  private final CosignerStore store;
  private final Runnable activated;
  private final SecureRandom random;

  /// @param activated is run once the epoch is in use here
  KeyMaking(
      KeyId key,
      DealingPlan<Secp256k1Point> plan,
      Party self,
      Identity identity,
      CosignerStore store,
      Runnable activated,
      SecureRandom random) {
    this.key = key;
    this.plan = plan;
    this.self = self;
    this.identity = identity;
    this.store = store;
    this.activated = activated;
    this.random = random;
  }

  /// @param held the share of the epoch in use, which stays its owner's until the step is closed
  Step begin(Optional<EpochShare<Secp256k1Point>> held) throws ProtocolAbortException {
    CommitRound<Secp256k1Point> round = CommitRound.begin(plan, self, identity, held, random);
    return Step.of(
        round.messages(), round::close, messages -> new Advance.Next(echo(round.next(messages))));
  }

  private Step echo(EchoRound<Secp256k1Point> round) {
    return Step.of(
        round.messages(), round::close, messages -> new Advance.Next(reveal(round.next(messages))));
  }

  private Step reveal(RevealRound<Secp256k1Point> round) {
    return Step.of(
        round.messages(),
        round::close,
        messages -> new Advance.Next(certify(round.next(messages))));
  }

  private Step certify(CertifyRound<Secp256k1Point> round) {
    return Step.of(
        round.messages(),
        round::close,
        messages -> new Advance.Next(firstSetup(round.next(messages))));
  }

  private Step firstSetup(PreparedKey<Secp256k1Point> prepared) {
    SessionId session = plan.session().within("pair setups", new byte[0]);
    Map<Party, PairSetupFirstRound> rounds = new TreeMap<>();
    Map<Party, byte[]> messages = new TreeMap<>();
    for (Party peer : plan.participants()) {
      if (!peer.equals(self)) {
        PairSetupFirstRound round = PairSetupFirstRound.begin(session, self, peer, random);
        rounds.put(peer, round);
        messages.put(peer, round.message());
      }
    }
    return Step.transfer(
        messages,
        () -> {
          rounds.values().forEach(PairSetupFirstRound::close);
          wipe(prepared);
        },
        received -> new Advance.Next(secondSetup(prepared, rounds, received)));
  }

  private Step secondSetup(
      PreparedKey<Secp256k1Point> prepared,
      Map<Party, PairSetupFirstRound> first,
      Map<Party, byte[]> received)
      throws ProtocolAbortException {
    Map<Party, PairSetupSecondRound> rounds = new TreeMap<>();
    Map<Party, byte[]> messages = new TreeMap<>();
    try {
      for (Map.Entry<Party, PairSetupFirstRound> round : first.entrySet()) {
        PairSetupSecondRound next = round.getValue().receive(of(received, round.getKey()));
        rounds.put(round.getKey(), next);
        messages.put(round.getKey(), next.message());
      }
    } catch (ProtocolAbortException e) {
      rounds.values().forEach(PairSetupSecondRound::close);
      throw e;
    }
    return Step.transfer(
        messages,
        () -> {
          rounds.values().forEach(PairSetupSecondRound::close);
          wipe(prepared);
        },
        theirs -> new Advance.Next(stored(prepared, rounds, theirs)));
  }

  private Step stored(
      PreparedKey<Secp256k1Point> prepared,
      Map<Party, PairSetupSecondRound> rounds,
      Map<Party, byte[]> received)
      throws ProtocolAbortException {
    List<PairSetup> setups = new ArrayList<>();
    try {
      for (Map.Entry<Party, PairSetupSecondRound> round : rounds.entrySet()) {
        setups.add(round.getValue().finish(of(received, round.getKey())));
      }
      store.prepare(key, plan.epoch(), ledger -> ledger.prepare(prepared), setups);
    } finally {
      setups.forEach(PairSetup::close);
      wipe(prepared);
    }
    Statement own = prepared.outcome().state(Kind.STORED, self, identity);
    return Step.of(
        toAll(own), () -> {}, messages -> new Advance.Next(activated(prepared, own, messages)));
  }

  private Step activated(
      PreparedKey<Secp256k1Point> prepared, Statement own, Map<Party, byte[]> received)
      throws ProtocolAbortException {
    List<Statement> statements = new ArrayList<>(read(received));
    List<Statement> theirs = List.copyOf(statements);
    statements.add(own);
    store.activate(key, ledger -> ledger.activate(theirs), statements);
    activated.run();
    Statement use = prepared.outcome().state(Kind.ACTIVATED, self, identity);
    return Step.of(toAll(use), () -> {}, messages -> done(prepared.key(), messages));
  }

  private Advance done(EpochKey<Secp256k1Point> made, Map<Party, byte[]> received)
      throws ProtocolAbortException {
    List<Statement> statements = read(received);
    store.retire(key, ledger -> ledger.retire(statements));
    return new Advance.Done(ready(made));
  }

  static SessionOutcome.KeyReady ready(EpochKey<Secp256k1Point> made) {
    return new SessionOutcome.KeyReady(
        made.epoch(), Bytes.of(made.key().point().encode()), Bytes.of(made.chainCode()));
  }

  private Map<Party, byte[]> toAll(Statement statement) {
    Map<Party, byte[]> messages = new TreeMap<>();
    plan.participants().forEach(party -> messages.put(party, statement.encode()));
    messages.remove(self);
    return messages;
  }

  private static List<Statement> read(Map<Party, byte[]> received) throws ProtocolAbortException {
    List<Statement> statements = new ArrayList<>();
    for (Map.Entry<Party, byte[]> message : received.entrySet()) {
      Statement statement = Statement.decode(message.getValue(), Optional.of(message.getKey()));
      if (!statement.party().equals(message.getKey())) {
        throw new ProtocolAbortException(
            Reason.MISMATCH,
            Optional.of(message.getKey()),
            "it sends a statement of " + statement.party());
      }
      statements.add(statement);
    }
    return statements;
  }

  static byte[] of(Map<Party, byte[]> messages, Party party) {
    return Optional.ofNullable(messages.get(party)).orElseThrow();
  }

  private static void wipe(PreparedKey<Secp256k1Point> prepared) {
    prepared.share().ifPresent(EpochShare::close);
  }
}
