package dev.countersign.cli.audit;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Steps;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign audit export`.
@Command(
    name = "export",
    description = {
      "Copies the whole log to a folder, for countersign audit verify. An older copy in the folder"
          + " is brought up to date. With --format ndjson, writes entries as one JSON object a line"
          + " instead: all, or those that match."
    })
public final class ExportCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private FilterOptions filter = new FilterOptions();

  @Parameters(paramLabel = "DIR", description = "The folder; made when missing.")
  private Path directory = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "tiles|ndjson",
      defaultValue = "tiles",
      description = "What to write. Default: ${DEFAULT-VALUE}")
  private String format = "tiles";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    switch (format) {
      case "tiles" -> tiles();
      case "ndjson" -> entries();
      default -> throw CommandException.usage("--format is " + format + ", not tiles or ndjson");
    }
  }

  private void tiles() {
    if (!filter.isEmpty()) {
      throw CommandException.usage(
          "which entries to export is for --format ndjson: tiles are of the whole log");
    }
    var out = spec.commandLine().getOut();
    try (var steps = Steps.onStandardOutput(out);
        var server = connection.connect(AuditCommand.CLIENT)) {
      int files = steps.during("copying the log", () -> new LogCopy(directory).take(server));
      out.println(files + " files in " + directory);
    }
  }

  private void entries() {
    var matching = filter.filter();
    var out = spec.commandLine().getOut();
    try (var steps = Steps.onStandardOutput(out);
        var server = connection.connect(AuditCommand.CLIENT)) {
      long entries =
          steps.during("writing entries", () -> new EntryExport(directory).take(server, matching));
      out.println(
          LogWords.count(entries, "entry") + " in " + directory.resolve(EntryExport.ENTRIES));
    }
  }
}
