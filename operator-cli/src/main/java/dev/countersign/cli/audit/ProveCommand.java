package dev.countersign.cli.audit;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign audit prove`.
@Command(
    name = "prove",
    description = {
      "Writes a proof for each log entry about a request: files that anyone with the log's key can"
          + " verify offline, for good."
    })
public final class ProveCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "REQUEST", description = "The id that Countersign gave it, a UUID.")
  private String request = "";

  @Option(
      names = "--to",
      paramLabel = "DIR",
      defaultValue = "proofs",
      description = "The folder for the files. Default: ${DEFAULT-VALUE}")
  private Path directory = Path.of("proofs");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    try (var server = connection.connect(AuditCommand.CLIENT)) {
      var proofs = RequestProofs.of(server, request);
      if (proofs.proofs().isEmpty()) {
        throw CommandException.no("the log has no entry about " + request + " (yet)");
      }
      proofs.write(directory).forEach(spec.commandLine().getOut()::println);
    }
  }
}
