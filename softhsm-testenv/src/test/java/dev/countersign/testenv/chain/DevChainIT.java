package dev.countersign.testenv.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.process.ProcessHome;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevChainIT {
  private static final String ALICE = "0x00000000000000000000000000000000000A11cE";
  private static final String BOB = "0x0000000000000000000000000000000000000b0b";
  private static final BigInteger WEI = BigInteger.valueOf(123_456_789);

  private final ToolCache cache = ToolCache.ofUser();

  @TempDir Path home;

  @Test
  void hasNoAccountsOfItsOwnAndGivesWhatItIsTold() {
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain = start(processes, DevChainOptions.automatic(8453))) {
      assertThat(chain.rpc().chainId()).isEqualTo(8453);
      assertThat(chain.rpc().call("eth_accounts")).isEmpty();
      assertThat(chain.rpc().balance("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")).isZero();
      chain.rpc().setBalance(ALICE, WEI);
      assertThat(chain.rpc().balance(ALICE)).isEqualTo(WEI);
      assertThat(chain.rpc().transactionCount(ALICE)).isZero();
      chain.rpc().mine(5);
      assertThat(chain.rpc().blockNumber()).isEqualTo(5);
      assertThat(
              chain.rpc().call("eth_getBlockByNumber", "finalized", false).path("number").asText())
          .isEqualTo("0x3");
    }
  }

  @Test
  void keepsItsStateAndPortOverAStopAndOverOwners() {
    var options = new DevChainOptions(1, new Mining.Automatic(), true);
    String token;
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain = start(processes, options)) {
      token = chain.rpc().deployTestToken(ALICE, WEI);
      chain.stop();
      assertThatThrownBy(() -> chain.rpc().chainId())
          .isInstanceOf(TestEnvironmentException.class)
          .hasMessageContaining("is the chain running?");
      chain.start();
      assertThat(chain.rpc().tokenBalance(token, ALICE)).isEqualTo(WEI);
    }
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain = start(processes, options)) {
      assertThat(chain.rpc().tokenBalance(token, ALICE)).isEqualTo(WEI);
      assertThat(chain.rpc().blockNumber()).isEqualTo(1);
      assertThat(
              chain
                  .rpc()
                  .call("eth_getBlockByNumber", "0x1", true)
                  .path("transactions")
                  .path(0)
                  .path("to")
                  .isNull())
          .isTrue();
    }
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain = start(processes, DevChainOptions.automatic(1))) {
      assertThat(chain.rpc().blockNumber()).isZero();
    }
  }

  /// As many at once as make its own miner miss some.
  @Test
  void minesAllThatIsPayableHoweverMuchComesAtOnce() throws Exception {
    int count = 1_500;
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain = start(processes, DevChainOptions.automatic(31337))) {
      chain.rpc().setBalance(ALICE, WEI.pow(3));
      chain.rpc().call("anvil_impersonateAccount", ALICE);
      var sent = new ArrayList<Future<JsonNode>>();
      try (var threads = Executors.newFixedThreadPool(8)) {
        for (int i = 0; i < count; i++) {
          var transaction =
              Map.of(
                  "from",
                  ALICE,
                  "to",
                  BOB,
                  "value",
                  "0x1",
                  "gas",
                  "0x5208",
                  "nonce",
                  "0x" + Integer.toHexString(i));
          sent.add(threads.submit(() -> chain.rpc().call("eth_sendTransaction", transaction)));
        }
      }
      for (Future<JsonNode> one : sent) {
        assertThat(one.get().asText()).startsWith("0x");
      }
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (chain.rpc().transactionCount(ALICE) < count && System.nanoTime() < deadline) {
        Thread.sleep(100);
      }
      assertThat(chain.rpc().transactionCount(ALICE)).isEqualTo(count);
      assertThat(chain.rpc().balance(BOB)).isEqualTo(count);
    }
  }

  @Test
  void minesNothingThatIsHeldBackOrNotPayable() throws Exception {
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain = start(processes, DevChainOptions.automatic(31337))) {
      chain.rpc().setBalance(ALICE, WEI.pow(3));
      chain.rpc().call("anvil_impersonateAccount", ALICE);
      chain.rpc().call("evm_setAutomine", false);
      chain
          .rpc()
          .call(
              "eth_sendTransaction",
              Map.of(
                  "from",
                  ALICE,
                  "to",
                  BOB,
                  "gas",
                  "0x5208",
                  "maxFeePerGas",
                  "0x77359400",
                  "maxPriorityFeePerGas",
                  "0x1"));
      long block = chain.rpc().blockNumber();
      Thread.sleep(2_500);
      assertThat(chain.rpc().blockNumber()).as("held back").isEqualTo(block);

      chain.rpc().call("anvil_setNextBlockBaseFeePerGas", "0x174876e800");
      chain.rpc().call("evm_setAutomine", true);
      Thread.sleep(2_500);
      assertThat(chain.rpc().transactionCount(ALICE)).as("not payable").isZero();
      assertThat(chain.rpc().blockNumber()).isLessThanOrEqualTo(block + 1);
    }
  }

  @Test
  void comesBackFromAKillWithTheLastDump() throws Exception {
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain = start(processes, DevChainOptions.automatic(31337))) {
      chain.rpc().setBalance(ALICE, WEI);
      chain.rpc().mine(1);
      var dump = home.resolve("chain/dump.json");
      // Two dumps, because the first may have been on its way before the balance was set.
      for (int i = 0; i < 2; i++) {
        Files.deleteIfExists(dump);
        awaitFile(dump);
      }
      chain.kill();
      // And one that was cut off while it was written.
      chain.start();
      chain.kill();
      Files.writeString(dump, "{\"block\":{\"number\":\"0x1\"");
      chain.start();
      assertThat(chain.rpc().balance(ALICE)).isEqualTo(WEI);
    }
  }

  @Test
  void minesByTheClockWhenToldTo() throws Exception {
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain =
            start(
                processes,
                new DevChainOptions(31337, new Mining.Interval(Duration.ofMillis(200)), false))) {
      long before = chain.rpc().blockNumber();
      long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (chain.rpc().blockNumber() < before + 3 && System.nanoTime() < deadline) {
        Thread.sleep(50);
      }
      assertThat(chain.rpc().blockNumber()).isGreaterThanOrEqualTo(before + 3);
    }
  }

  @Test
  void minesOnlyOnDemandWhenToldTo() {
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain = start(processes, new DevChainOptions(31337, new Mining.OnDemand(), false))) {
      var token = chain.rpc().deployTestToken(ALICE, WEI);
      assertThat(chain.rpc().tokenBalance(token, ALICE)).isEqualTo(WEI);
      assertThat(chain.rpc().blockNumber()).isEqualTo(1);
    }
  }

  @Test
  void theTokenMovesAndRefusesMoreThanThereIs() {
    var bob = "0x0000000000000000000000000000000000000b0b";
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var chain = start(processes, DevChainOptions.automatic(31337))) {
      var token = chain.rpc().deployTestToken(ALICE, BigInteger.valueOf(100));
      // transfer(address,uint256) of 60
      var transfer = "0xa9059cbb" + "0".repeat(24) + bob.substring(2) + "0".repeat(62) + "3c";
      chain.rpc().send(ALICE, token, transfer);
      assertThat(chain.rpc().tokenBalance(token, bob)).isEqualTo(60);
      assertThat(chain.rpc().tokenBalance(token, ALICE)).isEqualTo(40);
      assertThatThrownBy(() -> chain.rpc().send(ALICE, token, transfer))
          .isInstanceOf(TestEnvironmentException.class)
          .hasMessageContaining("failed");
    }
  }

  @Test
  void saysWhatIsWrongWithTheNamedProgram() {
    assertThatThrownBy(
            () ->
                AnvilProgram.find(
                    Map.of("COUNTERSIGN_ANVIL", "/nowhere/anvil"), cache, Progress.SILENT))
        .isInstanceOf(TestEnvironmentException.class)
        .hasMessageContaining("COUNTERSIGN_ANVIL is /nowhere/anvil");
  }

  private DevChain start(ProcessHome processes, DevChainOptions options) {
    return DevChain.start(processes, cache, Progress.SILENT, "chain", options);
  }

  private static void awaitFile(Path file) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!Files.exists(file) && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
    // It is written in place: let it be finished.
    Thread.sleep(200);
    assertThat(file).exists();
  }
}
