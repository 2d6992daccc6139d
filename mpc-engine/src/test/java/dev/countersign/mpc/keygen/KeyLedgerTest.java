package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.frost.FrostSecp256k1;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.KeyLedger;
import dev.countersign.mpc.key.PreparedKey;
import dev.countersign.mpc.keygen.Ceremony.Result;
import dev.countersign.mpc.transcript.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The two phases of every new epoch, by three parties of whom each stores what it has after each
/// step and reads it again.
class KeyLedgerTest {
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);
  private static final Party THREE = new Party(3);

  private final SortedMap<Party, KeyLedger<Secp256k1Point>> ledgers = new TreeMap<>();

  @BeforeEach
  void generate() throws ProtocolAbortException {
    prepare(Ceremony.generation(GROUP, 2, 3));
  }

  private KeyLedger<Secp256k1Point> ledger(Party party) {
    return ledgers.computeIfAbsent(party, one -> KeyLedger.empty(GROUP, one));
  }

  private static Identity identity(Party party) {
    return Ceremony.identity(party);
  }

  /// As a crash leaves it.
  private void store(Party party, KeyLedger<Secp256k1Point> ledger) throws ProtocolAbortException {
    byte[] stored = ledger.encode();
    KeyLedger<Secp256k1Point> read = KeyLedger.decode(GROUP, stored);
    assertThat(read.encode()).isEqualTo(stored);
    ledgers.put(party, read);
  }

  private SortedMap<Party, EpochShare<Secp256k1Point>> active() {
    SortedMap<Party, EpochShare<Secp256k1Point>> active = new TreeMap<>();
    ledgers.forEach(
        (party, ledger) -> ledger.active().ifPresent(share -> active.put(party, share)));
    return active;
  }

  private EpochKey<Secp256k1Point> key() {
    return active().firstEntry().getValue().key();
  }

  private DealingPlan<Secp256k1Point> refresh() throws ProtocolAbortException {
    return DealingPlan.refresh(
        key(), Ceremony.known(Party.first(3)), Ceremony.nonce(), BanLedger.EMPTY);
  }

  private SortedMap<Party, PreparedKey<Secp256k1Point>> run(DealingPlan<Secp256k1Point> plan)
      throws ProtocolAbortException {
    return run(plan, active());
  }

  private static SortedMap<Party, PreparedKey<Secp256k1Point>> run(
      DealingPlan<Secp256k1Point> plan, Map<Party, EpochShare<Secp256k1Point>> held)
      throws ProtocolAbortException {
    SortedMap<Party, PreparedKey<Secp256k1Point>> prepared = new TreeMap<>();
    for (Map.Entry<Party, Result<Secp256k1Point>> result :
        Ceremony.run(plan, held, Ceremony.HONEST).entrySet()) {
      prepared.put(result.getKey(), result.getValue().prepared().orElseThrow());
    }
    return prepared;
  }

  private void prepare(DealingPlan<Secp256k1Point> plan) throws ProtocolAbortException {
    for (var prepared : run(plan).entrySet()) {
      store(prepared.getKey(), ledger(prepared.getKey()).prepare(prepared.getValue()));
    }
  }

  private List<Statement> stored() throws ProtocolAbortException {
    List<Statement> statements = new ArrayList<>();
    for (var ledger : ledgers.entrySet()) {
      statements.add(ledger.getValue().stored(identity(ledger.getKey())));
    }
    return statements;
  }

  private void activate() throws ProtocolAbortException {
    List<Statement> statements = stored();
    for (Party party : List.copyOf(ledgers.keySet())) {
      store(party, ledger(party).activate(statements));
    }
  }

  private void retire() throws ProtocolAbortException {
    List<Statement> statements = new ArrayList<>();
    for (var ledger : ledgers.entrySet()) {
      statements.add(ledger.getValue().activated(identity(ledger.getKey())));
    }
    for (Party party : List.copyOf(ledgers.keySet())) {
      store(party, ledger(party).retire(statements));
    }
  }

  @Test
  void nobodyUsesAKeyThatSomebodyHasNotStored() throws Exception {
    assertThat(active()).isEmpty();
    List<Statement> statements = stored();
    aborts(Reason.MISMATCH, () -> ledger(ONE).activate(List.of()));
    aborts(Reason.MISMATCH, () -> ledger(ONE).activate(statements.subList(0, 2)));
    aborts(
        Reason.MISMATCH, () -> ledger(ONE).activate(List.of(statements.get(1), statements.get(1))));
    activate();
    SharedKeys.check(FrostSecp256k1.INSTANCE, active(), 2);
  }

  @Test
  void statementsOfAnotherKindSessionOrSignerDoNotActivate() throws Exception {
    PreparedKey<Secp256k1Point> prepared = ledger(THREE).prepared().orElseThrow();
    List<Statement> statements = new ArrayList<>(stored());
    statements.set(2, prepared.outcome().state(Kind.CERTIFIED, THREE, identity(THREE)));
    aborts(Reason.MISMATCH, () -> ledger(ONE).activate(statements));
    statements.set(2, prepared.outcome().state(Kind.STORED, THREE, identity(TWO)));
    aborts(Reason.BAD_PROOF, () -> ledger(ONE).activate(statements));
    statements.set(
        2,
        Statement.of(
            Kind.STORED, prepared.outcome().session(), THREE, new byte[32], identity(THREE)));
    aborts(Reason.MISMATCH, () -> ledger(ONE).activate(statements));
    PreparedKey<Secp256k1Point> other =
        Optional.ofNullable(run(Ceremony.generation(GROUP, 2, 3), Map.of()).get(THREE))
            .orElseThrow();
    statements.set(2, other.outcome().state(Kind.STORED, THREE, identity(THREE)));
    aborts(Reason.MISMATCH, () -> ledger(ONE).activate(statements));
    statements.set(2, prepared.outcome().state(Kind.STORED, new Party(4), identity(THREE)));
    aborts(Reason.MISMATCH, () -> ledger(ONE).activate(statements));
  }

  @Test
  void theEpochBeforeIsKeptUntilAllUseTheNext() throws Exception {
    activate();
    SortedMap<Party, EpochShare<Secp256k1Point>> first = active();
    prepare(refresh());
    assertThat(active()).allSatisfy((party, share) -> assertThat(share.key().epoch()).isZero());
    SharedKeys.check(FrostSecp256k1.INSTANCE, active(), 2);
    activate();
    assertThat(key().epoch()).isOne();
    SharedKeys.check(FrostSecp256k1.INSTANCE, active(), 2);
    for (Party party : ledgers.keySet()) {
      assertThat(ledger(party).retiring().orElseThrow().share().secret())
          .isEqualTo(Optional.ofNullable(first.get(party)).orElseThrow().share().secret());
    }
    retire();
    assertThat(ledgers.values()).allMatch(ledger -> ledger.retiring().isEmpty());
    assertThat(active()).hasSize(3);
  }

  @Test
  void whoMissedTheStatementsIsShownThem() throws Exception {
    List<Statement> statements = stored();
    store(ONE, ledger(ONE).activate(statements));
    store(TWO, KeyLedger.decode(GROUP, ledger(TWO).encode()));
    List<Statement> shown = new ArrayList<>();
    for (Statement statement : statements) {
      shown.add(Statement.decode(statement.encode(), Optional.empty()));
    }
    store(TWO, ledger(TWO).activate(shown));
    assertThat(active()).containsOnlyKeys(ONE, TWO);
  }

  @Test
  void onlyTheNextEpochOfTheSameKeyIsPrepared() throws Exception {
    KeyLedger<Secp256k1Point> before = ledger(ONE);
    activate();
    PreparedKey<Secp256k1Point> same = before.prepared().orElseThrow();
    aborts(Reason.MISMATCH, () -> ledger(ONE).prepare(same));
    PreparedKey<Secp256k1Point> other =
        Optional.ofNullable(run(Ceremony.generation(GROUP, 2, 3), Map.of()).get(ONE)).orElseThrow();
    aborts(Reason.MISMATCH, () -> ledger(ONE).prepare(other));
    var next = run(refresh());
    PreparedKey<Secp256k1Point> own = Optional.ofNullable(next.get(ONE)).orElseThrow();
    PreparedKey<Secp256k1Point> foreign = Optional.ofNullable(next.get(TWO)).orElseThrow();
    aborts(Reason.MISMATCH, () -> ledger(ONE).prepare(foreign));
    store(ONE, ledger(ONE).prepare(own));
    aborts(Reason.REUSE, () -> ledger(ONE).prepare(own));
  }

  @Test
  void aRefusedEpochIsAbandonedAndAnotherOneMade() throws Exception {
    activate();
    var failed = run(refresh());
    PreparedKey<Secp256k1Point> lost = Optional.ofNullable(failed.get(THREE)).orElseThrow();
    SessionId session = lost.outcome().session();
    for (Party party : List.of(ONE, TWO)) {
      store(party, ledger(party).prepare(Optional.ofNullable(failed.get(party)).orElseThrow()));
      aborts(Reason.REUSE, () -> ledger(party).refuse(session, 1));
    }
    aborts(Reason.MISMATCH, () -> ledger(THREE).refusal(session, identity(THREE)));
    store(THREE, ledger(THREE).refuse(session, 1));
    Statement refusal = ledger(THREE).refusal(session, identity(THREE));
    aborts(Reason.REUSE, () -> ledger(THREE).prepare(lost));
    aborts(
        Reason.MISMATCH,
        () -> ledger(ONE).abandon(lost.outcome().state(Kind.STORED, THREE, identity(THREE))));
    for (Party party : List.of(ONE, TWO)) {
      store(party, ledger(party).abandon(refusal));
      assertThat(ledger(party).prepared()).isEmpty();
    }
    prepare(refresh());
    activate();
    assertThat(key().epoch()).isOne();
    SharedKeys.check(FrostSecp256k1.INSTANCE, active(), 2);
  }

  /// Nobody gets a refusal that counts for what its signer has stored, in whatever epoch it is.
  @Test
  void whatWasStoredAndUsedIsNotRefused() throws Exception {
    SessionId first = ledger(ONE).prepared().orElseThrow().outcome().session();
    KeyLedger<Secp256k1Point> late = ledger(ONE);
    activate();
    aborts(Reason.REUSE, () -> ledger(THREE).refuse(first, 1));
    prepare(refresh());
    activate();
    assertThat(ledger(THREE).retiring()).isPresent();
    aborts(Reason.REUSE, () -> ledger(THREE).refuse(first, 2));
    retire();
    for (long epoch : new long[] {-1, 0, 1, 3}) {
      aborts(Reason.MISMATCH, () -> ledger(THREE).refuse(first, epoch));
    }
    store(THREE, ledger(THREE).refuse(first, 2));
    Statement refusal = ledger(THREE).refusal(first, identity(THREE));
    aborts(Reason.MISMATCH, () -> late.abandon(refusal));
  }

  @Test
  void whoDealsAndLeavesHasNoShareAndMayComeBack() throws Exception {
    activate();
    ledgers.remove(THREE);
    prepare(
        Ceremony.reshare(
            key(), RefreshAndReshareTest.parties("12"), RefreshAndReshareTest.parties("245"), 2));
    activate();
    assertThat(active().keySet()).isEqualTo(RefreshAndReshareTest.parties("245"));
    assertThat(ledger(ONE).retiring()).isPresent();
    retire();
    assertThat(ledger(ONE).retiring()).isEmpty();
    prepare(
        Ceremony.reshare(
            key(), RefreshAndReshareTest.parties("45"), RefreshAndReshareTest.parties("124"), 3));
    ledgers.keySet().retainAll(RefreshAndReshareTest.parties("1245"));
    activate();
    assertThat(key().epoch()).isEqualTo(2);
    SharedKeys.check(FrostSecp256k1.INSTANCE, active(), 3);
  }

  @Test
  void anEmptyLedgerHasNothingToSay() {
    KeyLedger<Secp256k1Point> empty = KeyLedger.empty(GROUP, ONE);
    aborts(Reason.MISMATCH, () -> empty.stored(identity(ONE)));
    aborts(Reason.MISMATCH, () -> empty.activated(identity(ONE)));
    aborts(Reason.MISMATCH, () -> empty.activate(List.of()));
  }

  private static void aborts(Reason reason, ThrowingCallable call) {
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(call)
        .satisfies(abort -> assertThat(abort.reason()).isEqualTo(reason));
  }
}
