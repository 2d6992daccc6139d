package dev.countersign.cosigner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.cosigner.testing.CosignerHome;
import dev.countersign.cosigner.testing.TestKeys;
import dev.countersign.cosigner.testing.TestKeys.Made;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.Ban;
import dev.countersign.mpc.dkls.PairSetup;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@WithTestEnvironment
@Timeout(120)
class CosignerStoreIT {
  private static final KeyId TREASURY = new KeyId("treasury");
  private static final KeyId HOT = new KeyId("hot");

  private final SoftHsmToken token;
  private final TestKeys keys = new TestKeys();
  @TempDir private Path directory;
  private CosignerHome home;
  private CosignerStore store;

  @SuppressWarnings("NullAway.Init")
  CosignerStoreIT(SoftHsmToken token) {
    this.token = token;
  }

  @BeforeEach
  void open() {
    home = new CosignerHome(TestKeys.SELF, token, directory);
    store = home.open();
  }

  @AfterEach
  void close() {
    home.close();
  }

  private Made activated(KeyId key) throws ProtocolAbortException {
    Made made = keys.generate(key.value());
    try (PairSetup setup = TestKeys.setup()) {
      store.prepare(key, 0, ledger -> ledger.prepare(made.own()), List.of(setup));
    }
    var stored = keys.theirs(made, Kind.STORED);
    store.activate(key, ledger -> ledger.activate(stored), stored);
    return made;
  }

  private Scalar secret(KeyId key) {
    // A copy: closing the stored key wipes its own.
    try (StoredKey found = store.key(key).orElseThrow()) {
      Scalar secret = found.ledger().active().orElseThrow().share().secret();
      return secret.plus(secret.field().zero());
    }
  }

  @Test
  void keepsAKeyThroughItsEpochs() throws Exception {
    Made made = keys.generate("treasury");
    Scalar expected = made.own().share().orElseThrow().share().secret();
    Scalar kept = expected.plus(expected.field().zero());
    try (PairSetup setup = TestKeys.setup()) {
      store.prepare(TREASURY, 0, ledger -> ledger.prepare(made.own()), List.of(setup));
    }
    store = home.open();
    try (StoredKey found = store.key(TREASURY).orElseThrow()) {
      assertThat(found.ledger().prepared()).isPresent();
      assertThat(found.isTrusted()).as("what others may not have stored").isFalse();
    }
    var stored = keys.theirs(made, Kind.STORED);
    store.activate(TREASURY, ledger -> ledger.activate(stored), stored);
    store = home.open();
    try (StoredKey found = store.key(TREASURY).orElseThrow()) {
      assertThat(found.isTrusted()).isTrue();
      assertThat(found.statements()).isEqualTo(stored);
    }
    assertThat(secret(TREASURY)).isEqualTo(kept);
    assertThat(store.keys()).containsExactly(TREASURY);
    assertThat(store.key(HOT)).isEmpty();
    List<PairSetup> setups = store.setups(TREASURY, 0);
    assertThat(setups).extracting(PairSetup::peer).containsExactly(TestKeys.PEER);
    setups.forEach(PairSetup::close);
  }

  @Test
  void aRefreshRetiresTheEpochBeforeAndItsSetups() throws Exception {
    Made first = activated(TREASURY);
    try (StoredKey found = store.key(TREASURY).orElseThrow()) {
      Made second =
          keys.refresh(found.ledger().active().orElseThrow(), first.theirs().share().orElseThrow());
      try (PairSetup setup = TestKeys.setup()) {
        store.prepare(TREASURY, 1, ledger -> ledger.prepare(second.own()), List.of(setup));
      }
      var stored = keys.theirs(second, Kind.STORED);
      store.activate(TREASURY, ledger -> ledger.activate(stored), stored);
      assertThat(count("pair_setup")).as("both epochs' setups").isEqualTo(2);
      var activated = keys.theirs(second, Kind.ACTIVATED);
      store.retire(TREASURY, ledger -> ledger.retire(activated));
    }
    assertThat(count("pair_setup")).isEqualTo(1);
    try (StoredKey found = store.key(TREASURY).orElseThrow()) {
      assertThat(found.ledger().active().orElseThrow().key().epoch()).isEqualTo(1);
      assertThat(found.ledger().retiring()).isEmpty();
      assertThat(found.isTrusted()).isTrue();
    }
  }

  @Test
  void nothingStoredHasAShareInTheClear() throws Exception {
    activated(TREASURY);
    String share = HexFormat.of().formatHex(secret(TREASURY).encode());
    String all =
        home.owner()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT encode(sealed, 'hex') FROM cosigner.key UNION ALL"
                                + " SELECT encode(sealed, 'hex') FROM cosigner.pair_setup")
                        .mapTo(String.class)
                        .list())
            .toString();
    assertThat(all).hasSizeGreaterThan(1000).doesNotContain(share, share.substring(0, 16));
  }

  @Test
  void noRowStandsInThePlaceOfAnother() throws Exception {
    activated(TREASURY);
    activated(HOT);
    ownerSays(
        "UPDATE cosigner.pair_setup s SET sealed = o.sealed FROM cosigner.pair_setup o"
            + " WHERE s.key_id = 'hot' AND o.key_id = 'treasury'");
    broken(() -> store.setups(HOT, 0));
    ownerSays(
        "UPDATE cosigner.key k SET sealed = o.sealed, generation = k.generation + 1000"
            + " FROM cosigner.key o WHERE k.key_id = 'hot' AND o.key_id = 'treasury'");
    broken(() -> store.key(HOT));
    assertThat(secret(TREASURY)).isNotNull();
  }

  @Test
  void theNumbersBesideASealAreInIt() throws Exception {
    activated(TREASURY);
    for (String column : List.of("epoch", "active_of", "prepared_of")) {
      ownerSays(
          "UPDATE cosigner.key SET %1$s = %1$s + 1, generation = generation + 1".formatted(column));
      broken(() -> store.key(TREASURY));
    }
  }

  @Test
  void abandonsWhatSomebodyRefuses() throws Exception {
    Made made = keys.generate("treasury");
    try (PairSetup setup = TestKeys.setup()) {
      store.prepare(TREASURY, 0, ledger -> ledger.prepare(made.own()), List.of(setup));
    }
    var session = made.own().outcome().session();
    var refusal =
        dev.countersign.mpc.key.KeyLedger.empty(
                dev.countersign.mpc.group.Secp256k1Group.INSTANCE, TestKeys.PEER)
            .refuse(session, 0)
            .refusal(session, keys.identity(TestKeys.PEER));
    store.abandon(TREASURY, ledger -> ledger.abandon(refusal));
    assertThat(count("pair_setup")).isZero();
    try (StoredKey found = store.key(TREASURY).orElseThrow()) {
      assertThat(found.ledger().prepared()).isEmpty();
    }
    Made again = made;
    assertThatThrownBy(
            () -> store.prepare(TREASURY, 0, ledger -> ledger.prepare(again.own()), List.of()))
        .isInstanceOfSatisfying(
            ProtocolAbortException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REUSE));
  }

  @Test
  void aBanSurvivesAStartAndTakesTheSetupsWithIt() throws Exception {
    activated(TREASURY);
    activated(HOT);
    Ban ban =
        new Ban(
            TestKeys.PEER,
            keys.identity(TestKeys.PEER).known(),
            Ban.Cause.CONSISTENCY,
            TestKeys.session());
    store.ban(ban);
    store = home.open();
    assertThat(store.bans().of(TestKeys.PEER)).contains(ban);
    assertThat(store.setups(TREASURY, 0)).isEmpty();
    assertThat(store.setups(HOT, 0)).isEmpty();
    ownerSays("UPDATE cosigner.ban_ledger SET generation = generation + 1");
    broken(() -> store.bans());
  }

  @Test
  void anotherCosignersDatabaseIsRefused() {
    GenerationWitness witness = home.takeWitness();
    assertThatThrownBy(
            () ->
                CosignerStore.open(
                    home.unitOfWork(),
                    home.seal(),
                    witness,
                    new CosignerName("cosigner-1"),
                    new Party(3),
                    java.util.UUID.randomUUID()))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("cosigner-1, party 1; this is cosigner-1, party 3");
  }

  @Test
  void theLoginCanDoWhatTheStoreDoesAndNoMore() throws Exception {
    store.presignatures(TREASURY).consume(TestKeys.session(), TestKeys.random32());
    for (String statement :
        List.of(
            "DELETE FROM cosigner.spent_presignature",
            "UPDATE cosigner.spent_presignature SET digest = session",
            "TRUNCATE cosigner.spent_presignature",
            "DELETE FROM cosigner.state",
            "UPDATE cosigner.state SET name = 'another'",
            "UPDATE cosigner.state SET store = gen_random_uuid()",
            "DELETE FROM cosigner.key",
            "DELETE FROM cosigner.ban_ledger",
            "CREATE TABLE cosigner.mine ()")) {
      assertThatThrownBy(() -> home.login().useHandle(handle -> handle.execute(statement)))
          .as(statement)
          .hasMessageContaining("permission denied");
    }
    for (String statement :
        List.of(
            "DELETE FROM cosigner.spent_presignature",
            "TRUNCATE cosigner.spent_presignature",
            "UPDATE cosigner.state SET generation = generation - 1",
            "DELETE FROM cosigner.ban_ledger")) {
      assertThatThrownBy(() -> ownerSays(statement))
          .as("the owner: " + statement)
          .hasStackTraceContaining("cosigner.");
    }
  }

  private void ownerSays(String statement) {
    home.owner().useHandle(handle -> handle.execute(statement));
  }

  private int count(String table) {
    return home.owner()
        .withHandle(
            (Handle handle) ->
                handle
                    .createQuery("SELECT count(*) FROM cosigner." + table)
                    .mapTo(Integer.class)
                    .one());
  }

  private static void broken(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KeyBackendException.class,
            e -> assertThat(e.kind()).isEqualTo(KeyBackendException.Kind.BROKEN));
  }
}
