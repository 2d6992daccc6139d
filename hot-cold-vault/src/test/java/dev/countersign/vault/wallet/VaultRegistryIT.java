package dev.countersign.vault.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.Vault;
import dev.countersign.core.model.VaultId;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithTestEnvironment
class VaultRegistryIT {
  private static final Actor ACTOR = Actor.system("test");

  private final VaultStore store;
  private final VaultRegistry registry;

  VaultRegistryIT(PostgresDatabase database) {
    store = new VaultStore(database);
    registry =
        new VaultRegistry(
            store.unitOfWork(), store, InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z")));
  }

  @Test
  void makesAVaultWithItsAuditEntry() {
    Vault vault = new Vault(new VaultId("made"), Tier.WARM, "Made today");

    assertThat(registry.create(ACTOR, vault)).isEqualTo(new VaultCreation.Created(vault));

    assertThat(registry.find(vault.id())).contains(vault);
    assertThat(registry.list()).contains(vault);
    assertThat(store.entriesOf("made"))
        .containsExactly(new AuditEvent.VaultCreated(vault.id(), Tier.WARM).toString());
  }

  @Test
  void findsTheSameVaultWhenAskedAgainWithoutASecondEntry() {
    Vault vault = new Vault(new VaultId("again"), Tier.HOT, "Again");
    registry.create(ACTOR, vault);

    assertThat(registry.create(ACTOR, vault)).isEqualTo(new VaultCreation.Existing(vault));

    assertThat(store.entriesOf("again")).hasSize(1);
  }

  @Test
  void refusesOtherContentForAnIdThatIsTaken() {
    Vault vault = new Vault(new VaultId("taken"), Tier.HOT, "Taken");
    registry.create(ACTOR, vault);

    assertThat(registry.create(ACTOR, new Vault(vault.id(), Tier.COLD, "Taken")))
        .isEqualTo(new VaultCreation.Conflict(vault));
    assertThat(registry.create(ACTOR, new Vault(vault.id(), Tier.HOT, "Other")))
        .isEqualTo(new VaultCreation.Conflict(vault));

    assertThat(registry.find(vault.id())).contains(vault);
  }

  @Test
  void keepsNoVaultWithoutItsAuditEntry() {
    Vault vault = new Vault(new VaultId("unaudited"), Tier.HOT, "Unaudited");
    store.failAt(event -> true);

    assertThatThrownBy(() -> registry.create(ACTOR, vault))
        .isInstanceOf(IllegalStateException.class);
    store.failNoMore();

    assertThat(registry.find(vault.id())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", " led", "trailing ", "two\nlines", "nul\0"})
  void refusesNamesThatDoNotFitOnALine(String name) {
    assertThatThrownBy(
            () -> registry.create(ACTOR, new Vault(new VaultId("named"), Tier.HOT, name)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void takesALongNameAndNoLonger() {
    assertThat(registry.create(ACTOR, new Vault(new VaultId("long"), Tier.HOT, "ä".repeat(100))))
        .isInstanceOf(VaultCreation.Created.class);
    assertThatThrownBy(
            () ->
                registry.create(ACTOR, new Vault(new VaultId("longer"), Tier.HOT, "ä".repeat(101))))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void theDatabaseItselfRefusesToChangeAVault() {
    registry.create(ACTOR, new Vault(new VaultId("final"), Tier.HOT, "Final"));

    assertThatThrownBy(
            () -> store.owner().useHandle(h -> h.execute("UPDATE vault.vault SET tier = 'COLD'")))
        .hasMessageContaining("rows are final");
    assertThatThrownBy(() -> store.owner().useHandle(h -> h.execute("DELETE FROM vault.vault")))
        .hasMessageContaining("rows are final");
    assertThatThrownBy(
            () ->
                store
                    .unitOfWork()
                    .run(
                        tx ->
                            tx.unwrap(org.jdbi.v3.core.Handle.class)
                                .execute("UPDATE vault.vault SET tier = 'COLD'")))
        .hasMessageContaining("permission denied");
  }
}
