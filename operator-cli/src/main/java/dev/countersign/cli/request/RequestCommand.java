package dev.countersign.cli.request;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign request`.
@Command(
    name = "request",
    description = "Asks a running server for signatures, and follows what became of them.",
    subcommands = {
      SignCommand.class,
      SignMessageCommand.class,
      SignTypedDataCommand.class,
      BatchCommand.class,
      GetCommand.class,
      WaitCommand.class,
      SpeedUpCommand.class,
      CancelCommand.class
    })
public final class RequestCommand implements Runnable {
  /// The sandbox's client that these commands are for.
  static final String CLIENT = "trading-desk";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage(
        "name what to do with requests: sign, sign-message, sign-typed-data, batch, get, wait,"
            + " speed-up or cancel");
  }
}
