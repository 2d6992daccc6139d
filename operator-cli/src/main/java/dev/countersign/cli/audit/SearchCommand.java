package dev.countersign.cli.audit;

import dev.countersign.api.v1.IndexedEntry;
import dev.countersign.api.v1.SearchEntriesRequest;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.connection.ConnectionOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign audit search`.
@Command(
    name = "search",
    description = {
      "Shows the log's entries that match, in the log's order. What a server shows is not proven:"
          + " see audit prove and audit verify."
    })
public final class SearchCommand implements Callable<Integer> {
  private static final int PAGE = 200;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private FilterOptions filter = new FilterOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many entries to show at most. Default: ${DEFAULT-VALUE}")
  private int most = 1000;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var lines = output.lines();
    var question = SearchEntriesRequest.newBuilder().setFilter(filter.filter()).setPageSize(PAGE);
    var out = spec.commandLine().getOut();
    int shown = 0;
    try (var server = connection.connect(AuditCommand.CLIENT)) {
      do {
        var page = server.audit().searchEntries(question.build());
        for (IndexedEntry entry : page.getEntriesList()) {
          if (shown == most) {
            spec.commandLine()
                .getErr()
                .println("there are more than " + LogWords.count(most, "entry") + ": see --most");
            return ExitCode.OK;
          }
          out.println(lines.of(entry));
          shown++;
        }
        question.setPageToken(page.getNextPageToken());
      } while (!question.getPageToken().isEmpty());
    }
    out.flush();
    return shown == 0 ? ExitCode.NO : ExitCode.OK;
  }
}
