package dev.countersign.cli.policy;

import dev.countersign.api.v1.StopShadowRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign policy shadow stop`.
@Command(name = "stop", description = "Ends the draft that is on; its report stays.")
public final class ShadowStopCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    try (var server = connection.connect(ShadowCommand.CLIENT)) {
      var stopped = server.policyInsight().stopShadow(StopShadowRequest.getDefaultInstance());
      ShadowCommand.lines(stopped.getShadow()).forEach(spec.commandLine().getOut()::println);
    }
  }
}
