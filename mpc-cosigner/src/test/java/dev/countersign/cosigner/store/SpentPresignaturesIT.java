package dev.countersign.cosigner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.cosigner.testing.CosignerHome;
import dev.countersign.cosigner.testing.TestKeys;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@WithTestEnvironment
@Timeout(120)
class SpentPresignaturesIT {
  private static final KeyId TREASURY = new KeyId("treasury");

  private final SoftHsmToken token;
  @TempDir private Path directory;
  private CosignerHome home;

  @SuppressWarnings("NullAway.Init")
  SpentPresignaturesIT(SoftHsmToken token) {
    this.token = token;
  }

  @BeforeEach
  void home() {
    home = new CosignerHome(TestKeys.SELF, token, directory);
  }

  @AfterEach
  void close() {
    home.close();
  }

  /// Whether this call was the one.
  private static boolean wins(CosignerStore store, SessionId session) {
    try {
      store.presignatures(TREASURY).consume(session, TestKeys.random32());
      return true;
    } catch (ProtocolAbortException e) {
      assertThat(e.reason()).isEqualTo(Reason.REUSE);
      return false;
    }
  }

  @Test
  void ofAHundredAtOnceOneWins() throws Exception {
    CosignerStore store = home.open();
    for (int round = 0; round < 5; round++) {
      SessionId session = TestKeys.session();
      List<Future<Boolean>> claims = new ArrayList<>();
      try (var threads = Executors.newFixedThreadPool(100)) {
        for (int i = 0; i < 100; i++) {
          Callable<Boolean> claim = () -> wins(store, session);
          claims.add(threads.submit(claim));
        }
      }
      int winners = 0;
      for (Future<Boolean> claim : claims) {
        winners += claim.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    }
    assertThat(spent()).isEqualTo(5);
  }

  @Test
  void manyPresignaturesAtOnceAreEachUsed() throws Exception {
    CosignerStore store = home.open();
    long before = store.generation();
    List<Future<Boolean>> claims = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(100)) {
      for (int i = 0; i < 300; i++) {
        SessionId session = TestKeys.session();
        Callable<Boolean> claim = () -> wins(store, session);
        claims.add(threads.submit(claim));
      }
    }
    for (Future<Boolean> claim : claims) {
      assertThat(claim.get()).isTrue();
    }
    assertThat(spent()).isEqualTo(300);
    assertThat(store.generation() - before).as("they share commits").isLessThan(300);
  }

  @Test
  void aSecondUseIsRefusedAfterAStart() {
    SessionId session = TestKeys.session();
    assertThat(wins(home.open(), session)).isTrue();
    assertThat(wins(home.open(), session)).isFalse();
  }

  /// Where the process dies.
  enum Crash {
    BEFORE_THE_COMMIT,
    AFTER_THE_COMMIT,
    BEFORE_THE_WITNESS_KNOWS,
    AFTER_THE_WITNESS_KNOWS
  }

  @ParameterizedTest
  @EnumSource(Crash.class)
  void aCrashAnywhereGivesNoTwoUses(Crash crash) {
    CosignerStore made = home.open();
    long before = made.generation();
    GenerationWitness witness = home.takeWitness();
    CrashingWork work = new CrashingWork(home.unitOfWork());
    CrashingWitness outside = new CrashingWitness(witness);
    CosignerStore store = home.open(work, outside);
    work.crash = Optional.of(crash);
    outside.crash = Optional.of(crash);
    SessionId session = TestKeys.session();
    // The caller hears of no success, and so sends nothing.
    assertThatThrownBy(() -> wins(store, session)).isInstanceOf(StoreUnavailableException.class);

    CosignerStore next = home.open();
    assertThat(next.wasSetBack()).as("a crash is no restore").isFalse();
    boolean wasCommitted = crash != Crash.BEFORE_THE_COMMIT;
    assertThat(next.generation()).isEqualTo(before + (wasCommitted ? 1 : 0));
    assertThat(wins(next, session)).isEqualTo(!wasCommitted);
    assertThat(wins(next, session)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Crash.class)
  void aDatabaseThatComesBackIsGoneOnWith(Crash trouble) {
    GenerationWitness witness = home.takeWitness();
    CrashingWork work = new CrashingWork(home.unitOfWork());
    CrashingWitness outside = new CrashingWitness(witness);
    CosignerStore store = home.open(work, outside);
    work.crash = Optional.of(trouble);
    outside.crash = Optional.of(trouble);
    SessionId session = TestKeys.session();
    assertThatThrownBy(() -> wins(store, session)).isInstanceOf(StoreUnavailableException.class);
    work.crash = Optional.empty();
    outside.crash = Optional.empty();
    assertThat(wins(store, session)).isEqualTo(trouble == Crash.BEFORE_THE_COMMIT);
    assertThat(wins(store, TestKeys.session())).isTrue();
    assertThat(home.open().wasSetBack()).isFalse();
  }

  private int spent() {
    return home.owner()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT count(*) FROM cosigner.spent_presignature")
                    .mapTo(Integer.class)
                    .one());
  }

  private static StoreUnavailableException died() {
    return new StoreUnavailableException("the process dies here", new IllegalStateException());
  }

  private static final class CrashingWork implements UnitOfWork {
    private final UnitOfWork real;
    private Optional<Crash> crash = Optional.empty();

    private CrashingWork(UnitOfWork real) {
      this.real = real;
    }

    @Override
    public <T> T inTransaction(Function<Transaction, T> work) {
      T result =
          real.inTransaction(
              tx -> {
                T done = work.apply(tx);
                if (crash.filter(Crash.BEFORE_THE_COMMIT::equals).isPresent()) {
                  throw died();
                }
                return done;
              });
      if (crash.filter(Crash.AFTER_THE_COMMIT::equals).isPresent()) {
        throw died();
      }
      return result;
    }
  }

  private static final class CrashingWitness implements GenerationWitness {
    private final GenerationWitness real;
    private Optional<Crash> crash = Optional.empty();

    private CrashingWitness(GenerationWitness real) {
      this.real = real;
    }

    @Override
    public Optional<GenerationMark> read() {
      return real.read();
    }

    @Override
    public void record(GenerationMark mark) {
      if (crash.filter(Crash.BEFORE_THE_WITNESS_KNOWS::equals).isPresent()) {
        throw died();
      }
      real.record(mark);
      if (crash.filter(Crash.AFTER_THE_WITNESS_KNOWS::equals).isPresent()) {
        throw died();
      }
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
