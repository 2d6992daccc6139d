package dev.countersign.testenv.process;

import dev.countersign.testenv.Progress;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.chain.DevChainOptions;
import dev.countersign.testenv.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.List;

/// Owns a home until it is killed: with a database and a chain in it (`full`) or with a sleeper.
final class OwnerMain {
  private OwnerMain() {}

  public static void main(String[] args) throws InterruptedException {
    var home = ProcessHome.open(Path.of(args[0]), Progress.SILENT);
    if (args[1].equals("full")) {
      var postgres = PostgresServer.startForTests(home, ToolCache.ofUser(), Progress.SILENT);
      var options = DevChainOptions.automatic(DevChainOptions.LOCAL_CHAIN_ID);
      var chain = DevChain.start(home, ToolCache.ofUser(), Progress.SILENT, "chain", options);
      System.out.println("READY " + postgres.pid() + " " + chain.pid());
    } else {
      var sleeper =
          home.launch(
              new ProcessSpec("sleeper", Path.of("/bin/sleep"), List.of("600"), home.directory()));
      System.out.println("READY " + sleeper.pid());
    }
    Thread.currentThread().join();
  }
}
