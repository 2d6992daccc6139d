package dev.countersign.cli.approval;

import dev.countersign.api.v1.ListPendingRequest;
import dev.countersign.api.v1.PendingApproval;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign approvals`.
@Command(
    name = "approvals",
    description = {
      "Lists the requests that wait for approval, the oldest first, in the server's words; approve"
          + " shows one in its own."
    })
public final class ApprovalsCommand implements Runnable {
  private static final int PAGE = 500;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--approver",
      paramLabel = "NAME",
      description = "Only those that wait for this approver.")
  private String approver = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table = new Table("REQUEST", "CLIENT", "WALLET", "CHAIN", "TO", "EXPIRES", "WAITS FOR");
    try (var server = connection.connect(DecisionOptions.CLIENT)) {
      String page = "";
      do {
        var answer =
            server
                .approvals()
                .listPending(
                    ListPendingRequest.newBuilder()
                        .setApprover(approver)
                        .setPageSize(PAGE)
                        .setPageToken(page)
                        .build());
        answer.getPendingList().forEach(pending -> table.add(row(pending)));
        page = answer.getNextPageToken();
      } while (!page.isEmpty());
    }
    table.print(spec.commandLine().getOut());
  }

  private static List<String> row(PendingApproval pending) {
    return Stream.of(
            pending.getRequest(),
            pending.getClient(),
            pending.getWallet(),
            pending.getChain(),
            pending.getTo(),
            Instant.ofEpochSecond(pending.getExpireTime().getSeconds()).toString(),
            pending.getMissing())
        .map(LogWords::lines)
        .toList();
  }
}
