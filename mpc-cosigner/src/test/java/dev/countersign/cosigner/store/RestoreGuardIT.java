package dev.countersign.cosigner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.testing.CosignerHome;
import dev.countersign.cosigner.testing.TestKeys;
import dev.countersign.cosigner.testing.TestKeys.Made;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.dkls.PairSetup;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@WithTestEnvironment
@Timeout(120)
class RestoreGuardIT {
  private static final KeyId TREASURY = new KeyId("treasury");

  private final SoftHsmToken token;
  private final TestKeys keys = new TestKeys();
  @TempDir private Path directory;
  private CosignerHome home;
  private CosignerStore store;
  private Made made;

  @SuppressWarnings("NullAway.Init")
  RestoreGuardIT(SoftHsmToken token) {
    this.token = token;
  }

  @BeforeEach
  void makeAKey() throws Exception {
    home = new CosignerHome(TestKeys.SELF, token, directory);
    store = home.open();
    made = keys.generate("treasury");
    try (PairSetup setup = TestKeys.setup()) {
      store.prepare(TREASURY, 0, ledger -> ledger.prepare(made.own()), List.of(setup));
    }
    var stored = keys.theirs(made, Kind.STORED);
    store.activate(TREASURY, ledger -> ledger.activate(stored), stored);
  }

  @AfterEach
  void close() {
    home.close();
  }

  private boolean isTrusted() {
    try (StoredKey key = store.key(TREASURY).orElseThrow()) {
      return key.isTrusted();
    }
  }

  private void use() throws ProtocolAbortException {
    store.presignatures(TREASURY).consume(TestKeys.session(), TestKeys.random32());
  }

  private void refresh() throws Exception {
    try (StoredKey key = store.key(TREASURY).orElseThrow()) {
      Made next =
          keys.refresh(key.ledger().active().orElseThrow(), made.theirs().share().orElseThrow());
      try (PairSetup setup = TestKeys.setup()) {
        store.prepare(TREASURY, 1, ledger -> ledger.prepare(next.own()), List.of(setup));
      }
      var stored = keys.theirs(next, Kind.STORED);
      store.activate(TREASURY, ledger -> ledger.activate(stored), stored);
    }
  }

  @Test
  void startsDoNotLookLikeARestore() throws Exception {
    for (int i = 0; i < 3; i++) {
      use();
      long before = store.generation();
      store = home.open();
      assertThat(store.generation()).isEqualTo(before);
      assertThat(store.wasSetBack()).isFalse();
      assertThat(isTrusted()).isTrue();
    }
  }

  @Test
  void yesterdaysCopySignsNothingBeforeItIsRefreshed() throws Exception {
    home.takeImage();
    use(); // one change is enough
    home.putBackImage();
    store = home.open();
    assertThat(store.wasSetBack()).isTrue();
    assertThat(isTrusted()).isFalse();
    store = home.open();
    assertThat(isTrusted()).as("another start mends nothing").isFalse();
    use(); // nor do changes
    assertThat(isTrusted()).isFalse();
    refresh();
    assertThat(isTrusted()).as("a new epoch was made since").isTrue();
    store = home.open();
    assertThat(isTrusted()).isTrue();
  }

  @Test
  void whatWasPreparedBeforeTheCopyIsNotTrustedAfterIt() throws Exception {
    try (StoredKey key = store.key(TREASURY).orElseThrow()) {
      Made next =
          keys.refresh(key.ledger().active().orElseThrow(), made.theirs().share().orElseThrow());
      store.prepare(TREASURY, 1, ledger -> ledger.prepare(next.own()), List.of());
      home.takeImage();
      use();
      home.putBackImage();
      store = home.open();
      var stored = keys.theirs(next, Kind.STORED);
      store.activate(TREASURY, ledger -> ledger.activate(stored), stored);
    }
    assertThat(isTrusted()).isFalse();
  }

  @Test
  void aCopyThatForgetsNothingIsTrusted() {
    home.takeImage();
    home.putBackImage();
    store = home.open();
    assertThat(isTrusted()).isTrue();
  }

  @Test
  void aCopyUnderARunningProcessIsNoticed() throws Exception {
    home.takeImage();
    use();
    home.putBackImage();
    assertThatThrownBy(this::use)
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("it was set back or somebody else writes to it");
  }

  @Test
  void aLostFileIsTakenForALostDatabase() throws Exception {
    Files.delete(home.generationFile());
    store = home.open();
    assertThat(isTrusted()).isFalse();
    refresh();
    assertThat(isTrusted()).isTrue();
  }

  @Test
  void anOldFileIsTakenForAnOldDatabase() throws Exception {
    String old = Files.readString(home.generationFile());
    use();
    use();
    Files.writeString(home.generationFile(), old);
    store = home.open();
    assertThat(isTrusted()).isFalse();
  }

  @Test
  void aFileThatIsNoneOrOfAnotherDatabaseIsRefused() throws Exception {
    String good = Files.readString(home.generationFile());
    for (String bad :
        List.of(
            "",
            good.replace("generation 1", "generation 2"),
            good + "\n",
            good.replaceAll("trusted from \\d+", "trusted from 999999"),
            good.replaceAll("store [0-9a-f]{8}", "store 00000000"))) {
      Files.writeString(home.generationFile(), bad);
      assertThatThrownBy(home::open).as(bad).isInstanceOf(StoreRefusedException.class);
    }
    Files.writeString(home.generationFile(), good);
    store = home.open();
    assertThat(isTrusted()).isTrue();
  }

  @Test
  void twoProcessesAreNotOneCosigner() {
    assertThatThrownBy(() -> GenerationFile.open(home.generationFile()))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("another process is this cosigner");
  }
}
