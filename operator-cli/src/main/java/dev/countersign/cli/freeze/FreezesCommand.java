package dev.countersign.cli.freeze;

import dev.countersign.api.v1.FrozenScope;
import dev.countersign.api.v1.ListFreezesRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign freezes`.
@Command(name = "freezes", description = "Lists what is frozen now, the oldest first.")
public final class FreezesCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table = new Table("SCOPE", "SINCE", "BY", "FREEZE", "REASON");
    try (var server = connection.connect(FreezeCommand.CLIENT)) {
      for (var freeze :
          server.admin().listFreezes(ListFreezesRequest.getDefaultInstance()).getFreezesList()) {
        table.add(
            List.of(
                freeze.getScope(),
                time(freeze).toString(),
                freeze.getFrozenBy(),
                freeze.getId(),
                freeze.getReason()));
      }
    }
    table.print(spec.commandLine().getOut());
  }

  static Instant time(FrozenScope freeze) {
    return Instant.ofEpochSecond(
        freeze.getFreezeTime().getSeconds(), freeze.getFreezeTime().getNanos());
  }
}
