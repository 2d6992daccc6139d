package dev.countersign.cli.lane;

import dev.countersign.api.v1.ListLanesRequest;
import dev.countersign.api.v1.NonceLane;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign lane list`.
@Command(
    name = "list",
    description = {
      "Lists the lanes of nonces: what each gives next, what is in flight, why it is paused.",
      "FREE are nonces that were given back unsigned and are given out again first."
    })
public final class ListLanesCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--chain", description = "A CAIP-2 id such as eip155:1. Default: all")
  private String chain = "";

  @Option(names = "--paused", description = "Only those that are paused")
  private boolean paused;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table = new Table("CHAIN", "WALLET", "ADDRESS", "NEXT", "FREE", "IN FLIGHT", "STATE");
    try (var server = connection.connect(LaneCommand.CLIENT)) {
      var question = ListLanesRequest.newBuilder().setChain(chain).setPausedOnly(paused).build();
      for (NonceLane lane : server.admin().listLanes(question).getLanesList()) {
        table.add(
            List.of(
                lane.getChain(),
                lane.getWallet(),
                lane.getAddress(),
                Long.toUnsignedString(lane.getNextNonce()),
                lane.getFreeNoncesList().stream()
                    .map(Long::toUnsignedString)
                    .collect(Collectors.joining(" ")),
                "%d of %d".formatted(lane.getInFlight(), lane.getMostInFlight()),
                state(lane)));
      }
    }
    table.print(spec.commandLine().getOut());
  }

  private static String state(NonceLane lane) {
    if (lane.hasPause()) {
      return "paused, %s since %s: %s"
          .formatted(
              lane.getPause().getReason(),
              Instant.ofEpochSecond(lane.getPause().getSince().getSeconds()),
              lane.getPause().getDetail());
    }
    return lane.getFrozenScope().isEmpty() ? "open" : "frozen: " + lane.getFrozenScope();
  }
}
