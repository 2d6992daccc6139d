package dev.countersign.cli.freeze;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.ThawRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign thaw send`.
@Command(
    name = "send",
    description = "Lifts a freeze with the signatures that countersign thaw sign made.")
final class SendThawCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(index = "0", paramLabel = "FREEZE", description = "The freeze's id, a UUID.")
  private String freeze = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "SIGNATURE",
      description = "The files that the approvers signed.")
  private List<Path> signatures = List.of();

  @Option(
      names = "--expires",
      required = true,
      paramLabel = "TIME",
      description = "The time that they signed.")
  private Instant expires = Instant.EPOCH;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var request =
        ThawRequest.newBuilder()
            .setFreeze(freeze)
            .setExpireTime(
                Timestamp.newBuilder()
                    .setSeconds(expires.getEpochSecond())
                    .setNanos(expires.getNano()));
    signatures.forEach(file -> request.addApprovals(read(file)));
    try (var server = connection.connect(FreezeCommand.CLIENT)) {
      var thawed = server.admin().thaw(request.build()).getFreeze();
      spec.commandLine()
          .getOut()
          .printf("%s is no longer frozen by %s%n", thawed.getScope(), thawed.getId());
    }
  }

  private static ByteString read(Path file) {
    try {
      return ByteString.copyFrom(Files.readAllBytes(file));
    } catch (IOException e) {
      throw CommandException.usage("%s cannot be read: %s".formatted(file, e));
    }
  }
}
