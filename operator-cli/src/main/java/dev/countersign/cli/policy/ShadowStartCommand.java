package dev.countersign.cli.policy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.StartShadowRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign policy shadow start`.
@Command(name = "start", description = "Begins with a draft, from now on.")
public final class ShadowStartCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "DRAFT", description = "The policy to judge by, in YAML.")
  @SuppressWarnings("NullAway.Init") // picocli's
  private Path draft;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    try (var server = connection.connect(ShadowCommand.CLIENT)) {
      var started =
          server
              .policyInsight()
              .startShadow(
                  StartShadowRequest.newBuilder()
                      .setDocument(ByteString.copyFrom(Files.readAllBytes(draft)))
                      .build());
      ShadowCommand.lines(started.getShadow()).forEach(spec.commandLine().getOut()::println);
    } catch (IOException e) {
      throw CommandException.unavailable(draft + " is not a file you can read", e);
    }
  }
}
