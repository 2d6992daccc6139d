package dev.countersign.server.config;

import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Transactions that are replaced while they wait, and messages that are signed late: all under one
/// server, which is dear to start.
@WithTestEnvironment
@DevChainSettings(blockMillis = -1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ReplacementIT
    implements SpeedUpContract,
        CappedFeeContract,
        CancellationContract,
        InterruptedReplacementContract,
        InterruptedMessageContract {
  private final HandMinedServer world;

  ReplacementIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain)
      throws InterruptedException {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    this.world = new HandMinedServer(directory, database, token, chain);
  }

  @Override
  public HandMinedServer world() {
    return world;
  }

  @AfterAll
  void stop() {
    world.close();
  }
}
