package dev.countersign.cli.audit;

import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Steps;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign audit export`.
@Command(
    name = "export",
    description = {
      "Copies the whole log to a folder, for countersign audit verify. An older copy in the folder"
          + " is brought up to date."
    })
public final class ExportCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "DIR", description = "The folder; made when missing.")
  private Path directory = Path.of("");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var out = spec.commandLine().getOut();
    try (var steps = Steps.onStandardOutput(out);
        var server = connection.connect(AuditCommand.CLIENT)) {
      int files = steps.during("copying the log", () -> new LogCopy(directory).take(server));
      out.println(files + " files in " + directory);
    }
  }
}
