package dev.countersign.testenv;

import dev.countersign.testenv.chain.DevChainOptions;
import dev.countersign.testenv.chain.Mining;
import dev.countersign.testenv.process.ProcessHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `testenv`: provides the environment for people and for other programs, until it is stopped.
///
/// Exit codes: 0 stopped, 2 wrong usage, 3 the environment could not be provided or a part of it
/// ended.
@Command(
    name = "testenv",
    mixinStandardHelpOptions = true,
    description =
        "Runs a SoftHSM token, a PostgreSQL server and an EVM development chain until stopped,"
            + " without root and on loopback only. What it made in its home is there again next"
            + " time.")
public final class TestEnvironmentCommand implements Callable<Integer> {
  /// Written into the home when everything answers, and deleted when it stops.
  static final String DETAILS_FILE = "testenv.json";

  private static final int UNAVAILABLE = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = ".countersign/testenv",
      description =
          "The private directory for everything; made when missing (default: ${DEFAULT-VALUE}).")
  private Path home = Path.of(".countersign/testenv");

  @Option(
      names = "--chain-id",
      paramLabel = "ID",
      defaultValue = "31337",
      description = "The chain's EIP-155 id (default: ${DEFAULT-VALUE}).")
  private long chainId = DevChainOptions.LOCAL_CHAIN_ID;

  @Option(
      names = "--block-millis",
      paramLabel = "MS",
      defaultValue = "0",
      description =
          "Milliseconds between blocks, 100 or more; 0 makes one per transaction"
              + " (default: ${DEFAULT-VALUE}).")
  private long blockMillis;

  /// Runs the command; the process ends with its exit code.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TestEnvironmentCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    var out = spec.commandLine().getOut();
    Progress progress = step -> say(out, step);
    var options = options();
    try {
      var processes = ProcessHome.open(home, progress);
      var file = processes.directory().resolve(DETAILS_FILE);
      // Left by a run that was killed.
      delete(file);
      try (var environment =
          LocalEnvironment.start(processes, ToolCache.ofUser(), options, progress)) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(file), "testenv-details"));
        var details = new ConnectionDetails(environment);
        details.write(file);
        say(out, "");
        say(out, details.table());
        say(out, "Also in " + file + ". Stop with Ctrl-C.");
        awaitEnd(environment);
        return CommandLine.ExitCode.OK;
      }
    } catch (TestEnvironmentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return UNAVAILABLE;
    }
  }

  private DevChainOptions options() {
    if (chainId < 1 || blockMillis < 0 || (blockMillis > 0 && blockMillis < 100)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--chain-id must be 1 or more, --block-millis 0 or at least 100");
    }
    Mining mining =
        blockMillis == 0
            ? new Mining.Automatic()
            : new Mining.Interval(Duration.ofMillis(blockMillis));
    return new DevChainOptions(chainId, mining, true);
  }

  private static void awaitEnd(LocalEnvironment environment) throws InterruptedException {
    while (environment.database().server().isRunning() && environment.chain().isRunning()) {
      Thread.sleep(500);
    }
    if (environment.processes().isOpen()) {
      throw new TestEnvironmentException(
          (environment.chain().isRunning() ? "PostgreSQL" : "the chain node")
              + " ended by itself; see "
              + environment.home().resolve("logs"));
    }
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.err.println("cannot delete " + file + ": " + e.getMessage());
    }
  }
}
