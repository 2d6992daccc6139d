package dev.countersign.cli.sandbox;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.terminal.Steps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign sandbox`.
@Command(
    name = "sandbox",
    description = {
      "Starts a whole Countersign on this machine: a SoftHSM token, PostgreSQL, a dev chain and the"
          + " server. Sends one transfer that policy allows and one that it refuses, verifies the"
          + " audit log offline, and stays up until Ctrl-C. What it made is there again next time."
    })
public final class SandboxCommand implements Callable<Integer> {
  private static final String DEFAULT_HOME = ".countersign/sandbox";

  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = DEFAULT_HOME,
      description = "Where it keeps everything. Default: ${DEFAULT-VALUE}")
  private Path home = Path.of(DEFAULT_HOME);

  @Option(
      names = "--wallets",
      paramLabel = "N",
      description = "How many wallets it has at least, up to 500. Default: 2")
  private int wallets = Treasury.LEAST_WALLETS;

  @Option(names = "--once", description = "Stop when everything was shown.")
  private boolean once;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    long began = System.nanoTime();
    if (wallets < Treasury.LEAST_WALLETS || wallets > Treasury.MOST_WALLETS) {
      throw CommandException.usage(
          "--wallets %d: expected %d to %d"
              .formatted(wallets, Treasury.LEAST_WALLETS, Treasury.MOST_WALLETS));
    }
    var directory = home.toAbsolutePath().normalize();
    try (var steps = Steps.onStandardOutput(spec.commandLine().getOut());
        var sandbox = Sandbox.open(directory, steps)) {
      steps.line("Countersign sandbox in " + directory);
      var running = sandbox.start(wallets);
      var shown = new Showing(running, steps).show();
      sandbox.announce(running.describe(shown));
      steps.line("");
      steps.line("Shown in " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s.");
      if (!once) {
        Invitation.to(running).forEach(steps::line);
        running.awaitEnd();
      }
      return ExitCode.OK;
    }
  }
}
