package dev.countersign.policy.engine;

import static dev.countersign.policy.sample.Samples.allowing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.model.Wallet;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.Samples;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Against the database; that a key was used elsewhere is what a test says.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignUseBreakersIT {
  private static final Wallet HOT = Samples.wallet("hot-1");

  private final PolicyDatabase database;
  private final Instance one;
  private final ForeignUseBreakers breakers;

  ForeignUseBreakersIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.one = database.instance();
    this.breakers =
        new ForeignUseBreakers(one.policies(), one.freezeStore(), InstantSource.system());
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void freezesTheScopeThatThePolicyNamesAndNothingWithoutABreaker() {
    database.activate(one, allowing("wallets: any"));
    judge("nonce 4 of 0xab");
    assertThat(frozen()).isEmpty();
    database.activate(
        one,
        allowing("wallets: any")
            + "breakers:\n- {name: stolen-key, scope: wallet, counts: foreign-transaction}\n");
    judge("nonce 4 of 0xab");
    judge("nonce 5 of 0xab");
    assertThat(frozen())
        .singleElement()
        .satisfies(
            freeze -> {
              assertThat(freeze.scope().text()).isEqualTo("wallet:hot-1");
              assertThat(freeze.by()).isEqualTo("breakers");
              assertThat(freeze.reason().value()).isEqualTo("breaker stolen-key: nonce 4 of 0xab");
              assertThat(database.audit().events())
                  .contains(
                      new AuditEvent.ScopeFrozen(freeze.id(), freeze.scope(), freeze.reason()));
            });
  }

  private void judge(String detail) {
    one.unitOfWork().run(transaction -> breakers.judge(transaction, HOT, Samples.MAINNET, detail));
  }

  private List<Freeze> frozen() {
    return one.unitOfWork().inTransaction(one.freezes()::look).freezes();
  }
}
