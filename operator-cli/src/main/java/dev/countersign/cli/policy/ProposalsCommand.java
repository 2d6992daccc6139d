package dev.countersign.cli.policy;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.ListPolicyProposalsRequest;
import dev.countersign.api.v1.PolicyProposal;
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

/// `countersign policy proposals`.
@Command(
    name = "proposals",
    description = "Lists the policies that are proposed, the newest first, in the server's words.")
final class ProposalsCommand implements Runnable {
  private static final int PAGE = 100;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--all", description = "Also those that have ended.")
  private boolean all;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table = new Table("PROPOSAL", "STATE", "BY", "FOLLOWS", "EXPIRES", "");
    try (var server = connection.connect(ProposalOptions.CLIENT)) {
      String page = "";
      do {
        var answer =
            server
                .policies()
                .listPolicyProposals(
                    ListPolicyProposalsRequest.newBuilder()
                        .setAll(all)
                        .setPageSize(PAGE)
                        .setPageToken(page)
                        .build());
        answer.getProposalsList().forEach(proposal -> table.add(row(proposal)));
        page = answer.getNextPageToken();
      } while (!page.isEmpty());
    }
    table.print(spec.commandLine().getOut());
  }

  private static List<String> row(PolicyProposal proposal) {
    return Stream.of(
            proposal.getProposal(),
            proposal.getState().name().substring("STATE_".length()),
            proposal.getProposer(),
            Long.toUnsignedString(proposal.getBaseVersion()),
            time(proposal.getExpireTime()),
            switch (proposal.getState()) {
              case STATE_PROPOSED -> "waits for " + proposal.getMissing();
              case STATE_APPROVED -> "is activated at " + time(proposal.getOpenTime());
              default -> proposal.getReason();
            })
        .map(LogWords::lines)
        .toList();
  }

  static String time(Timestamp at) {
    return Instant.ofEpochSecond(at.getSeconds()).toString();
  }
}
