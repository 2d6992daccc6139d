package dev.countersign.vault.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.Vault;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.WalletDirectory;
import dev.countersign.hsm.ConfiguredKeyBackends;
import dev.countersign.hsm.pkcs11.Pkcs11Config;
import dev.countersign.hsm.pkcs11.Pkcs11KeyBackend;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// On PostgreSQL and a SoftHSM token; a second backend is one whose token is not there.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WalletRegistryIT {
  private static final Actor ACTOR = Actor.system("test");
  private static final BackendName SOFTHSM = new BackendName("softhsm");
  private static final BackendName GONE = new BackendName("gone");
  private static final VaultId VAULT = new VaultId("treasury");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z"));

  private final VaultStore store;
  private final Pkcs11KeyBackend softHsm;
  private final Pkcs11KeyBackend gone;
  private final KeyBackends backends;
  private final WalletRegistry registry;

  WalletRegistryIT(PostgresDatabase database, SoftHsmToken token) {
    store = new VaultStore(database);
    softHsm = open(token, SOFTHSM, token.label());
    gone = open(token, GONE, "no-such-token");
    backends = new ConfiguredKeyBackends(List.of(softHsm, gone));
    registry = registry();
    new VaultRegistry(store.unitOfWork(), store, CLOCK)
        .create(ACTOR, new Vault(VAULT, Tier.HOT, "Treasury"));
  }

  private static Pkcs11KeyBackend open(SoftHsmToken token, BackendName name, String label) {
    return Pkcs11KeyBackend.open(
        new Pkcs11Config(name, token.module(), label, token.pinFile(), 2),
        new PermitMint(SealKey.random(new SecureRandom())).inspector());
  }

  /// One with nothing in memory, as after a restart or on another instance.
  private WalletRegistry registry() {
    return new WalletRegistry(store.unitOfWork(), store, backends, CLOCK);
  }

  @AfterAll
  void closeBackends() {
    gone.close();
    softHsm.close();
  }

  private static NewWallet wanted(String id) {
    return new NewWallet(new WalletId(id), VAULT, "Wallet " + id, SOFTHSM);
  }

  private Wallet create(NewWallet wanted) {
    WalletCreation outcome = registry.create(ACTOR, wanted);
    assertThat(outcome).isInstanceOf(WalletCreation.Created.class);
    return ((WalletCreation.Created) outcome).wallet();
  }

  @Test
  void makesAWalletAndItsKeyWithTheirAuditEntries() {
    Wallet wallet = create(wanted("made"));

    assertThat(wallet.vault()).isEqualTo(VAULT);
    assertThat(wallet.tier()).isEqualTo(Tier.HOT);
    assertThat(wallet.key()).isEqualTo(new KeyId("made"));
    assertThat(softHsm.find(wallet.key()).orElseThrow().publicKey()).isEqualTo(wallet.publicKey());
    for (WalletDirectory directory : List.of(registry, registry())) {
      assertThat(directory.find(wallet.id())).contains(wallet);
    }
    assertThat(registry.find(wallet.address())).contains(wallet);
    assertThat(registry.find(new Address("0x" + "01".repeat(20)))).isEmpty();
    assertThat(registry.list())
        .contains(wallet)
        .isSortedAccordingTo((a, b) -> a.id().compareTo(b.id()));
    assertThat(registry.list(VAULT)).contains(wallet);
    assertThat(registry.list(new VaultId("elsewhere"))).isEmpty();
    assertThat(store.entriesOf("=made"))
        .containsExactly(
            new AuditEvent.KeyCreated(SOFTHSM, wallet.key(), wallet.publicKey()).toString(),
            new AuditEvent.WalletCreated(wallet.id(), VAULT, SOFTHSM, wallet.key()).toString());
    assertThat(pending()).doesNotContain("made");
  }

  @Test
  void findsTheSameWalletWhenAskedAgain() {
    Wallet wallet = create(wanted("again"));

    assertThat(registry.create(ACTOR, wanted("again")))
        .isEqualTo(new WalletCreation.Existing(wallet));
    assertThat(registry().create(ACTOR, wanted("again")))
        .isEqualTo(new WalletCreation.Existing(wallet));

    assertThat(store.entriesOf("=again")).hasSize(2);
  }

  @Test
  void refusesOtherContentForAnIdThatIsTaken() {
    Wallet wallet = create(wanted("taken"));
    WalletCreation.Conflict conflict =
        new WalletCreation.Conflict(wallet.id(), VAULT, "Wallet taken", SOFTHSM);

    assertThat(registry.create(ACTOR, new NewWallet(wallet.id(), VAULT, "Other", SOFTHSM)))
        .isEqualTo(conflict);
    assertThat(registry.create(ACTOR, new NewWallet(wallet.id(), VAULT, "Wallet taken", GONE)))
        .isEqualTo(conflict);
    assertThat(
            registry.create(
                ACTOR, new NewWallet(wallet.id(), new VaultId("other"), "Wallet taken", SOFTHSM)))
        .isEqualTo(conflict);
  }

  @Test
  void saysWhatIsUnknown() {
    WalletId id = new WalletId("homeless");

    assertThat(
            registry.create(ACTOR, new NewWallet(id, new VaultId("nowhere"), "Homeless", SOFTHSM)))
        .isEqualTo(new WalletCreation.UnknownVault(new VaultId("nowhere")));
    assertThat(
            registry.create(ACTOR, new NewWallet(id, VAULT, "Homeless", new BackendName("none"))))
        .isEqualTo(
            new WalletCreation.UnknownBackend(new BackendName("none"), List.of(SOFTHSM, GONE)));
    assertThat(registry.find(id)).isEmpty();
    assertThat(pending()).doesNotContain("homeless");
  }

  @Test
  void saysThatTheBackendIsUnavailable() {
    NewWallet wanted = new NewWallet(new WalletId("waiting"), VAULT, "Waiting", GONE);

    assertThat(registry.create(ACTOR, wanted))
        .isInstanceOfSatisfying(
            WalletCreation.BackendUnavailable.class,
            outcome -> {
              assertThat(outcome.backend()).isEqualTo(GONE);
              assertThat(outcome.reason()).contains("no-such-token");
            });
    assertThat(registry.find(wanted.id())).isEmpty();
  }

  @Test
  void takesTheKeyThatACrashLeftBehind() {
    NewWallet wanted = wanted("crashed");
    store.failAt(event -> event instanceof AuditEvent.KeyCreated);
    assertThatThrownBy(() -> registry.create(ACTOR, wanted))
        .isInstanceOf(IllegalStateException.class);
    store.failNoMore();
    PublicKey left = softHsm.find(wanted.key()).orElseThrow().publicKey();
    assertThat(registry.find(wanted.id())).isEmpty();
    assertThat(store.entriesOf("=crashed")).isEmpty();

    assertThat(registry().create(ACTOR, new NewWallet(wanted.id(), VAULT, "Other", SOFTHSM)))
        .as("with other content")
        .isInstanceOf(WalletCreation.Conflict.class);
    WalletCreation outcome = registry().create(ACTOR, wanted);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            WalletCreation.Created.class,
            created -> assertThat(created.wallet().publicKey()).isEqualTo(left));
    assertThat(store.entriesOf("=crashed")).hasSize(2);
    assertThat(pending()).doesNotContain("crashed");
  }

  @Test
  void doesNotTakeOverAKeyThatNobodyAskedItFor() {
    softHsm.createKey(new KeyId("stranger"));

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(registry.create(ACTOR, wanted("stranger")))
          .isEqualTo(new WalletCreation.KeyTaken(SOFTHSM, new KeyId("stranger")));
    }
    assertThat(registry.find(new WalletId("stranger"))).isEmpty();
  }

  @Test
  void makesOneWalletWhenManyInstancesAskForItAtOnce() throws Exception {
    List<Callable<WalletCreation>> calls =
        Stream.generate(
                () -> (Callable<WalletCreation>) () -> registry().create(ACTOR, wanted("busy")))
            .limit(6)
            .toList();
    List<WalletCreation> outcomes;
    try (var threads = Executors.newFixedThreadPool(6)) {
      outcomes =
          threads.invokeAll(calls).stream().map(Future::resultNow).collect(Collectors.toList());
    }

    assertThat(outcomes)
        .filteredOn(outcome -> outcome instanceof WalletCreation.Created)
        .hasSize(1);
    assertThat(outcomes)
        .allMatch(
            outcome ->
                outcome instanceof WalletCreation.Created
                    || outcome instanceof WalletCreation.Existing);
    assertThat(store.entriesOf("=busy")).hasSize(2);
  }

  @Test
  void theDatabaseItselfAllowsOneWalletForAKeyAndForAnAddress() {
    Wallet wallet = create(wanted("only"));

    assertThatThrownBy(() -> insertCopy(wallet, "copy-1", "other-key"))
        .hasMessageContaining("one_wallet_for_an_address");
    assertThatThrownBy(() -> insertCopy(wallet, "copy-2", "only"))
        .hasMessageContaining("one_wallet_for_a_key");
    assertThatThrownBy(
            () -> store.owner().useHandle(h -> h.execute("UPDATE vault.wallet SET name = 'x'")))
        .hasMessageContaining("rows are final");
  }

  private void insertCopy(Wallet wallet, String id, String key) {
    store
        .unitOfWork()
        .run(
            tx ->
                tx.unwrap(Handle.class)
                    .execute(
                        """
                        INSERT INTO vault.wallet
                        SELECT ?, vault, name, backend, ?, public_key, address, created_at
                        FROM vault.wallet WHERE id = ?
                        """,
                        id,
                        key,
                        wallet.id().value()));
  }

  private List<String> pending() {
    return store
        .owner()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT id FROM vault.pending_wallet")
                    .mapTo(String.class)
                    .list());
  }
}
