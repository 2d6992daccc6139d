package dev.countersign.cli.policy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.ReplayRequest;
import dev.countersign.api.v1.ReplayResponse;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.connection.ConnectionOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign policy replay`.
@Command(
    name = "replay",
    description = {
      "Has the server judge its real requests of the last days by a draft, and lists those of which"
          + " the draft says something else. Changes nothing. Exits with 0 when there is none, with"
          + " 1 when there is."
    })
public final class ReplayCommand implements Callable<Integer> {
  /// The sandbox's client that looks after the service.
  private static final String CLIENT = "operator";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "DRAFT", description = "The policy to judge by, in YAML.")
  @SuppressWarnings("NullAway.Init") // picocli's
  private Path draft;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "7d",
      description = "From when on: 12h, 7d, 2026-11-02T12:00:00Z. Default: ${DEFAULT-VALUE}")
  private String since = "7d";

  @Option(names = "--json", description = "Print one JSON object a line; the last is the summary.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    Instant from = Ago.parse("--since", since, Instant.now());
    var request =
        ReplayRequest.newBuilder()
            .setDocument(ByteString.copyFrom(bytes(draft)))
            .setSince(
                Timestamp.newBuilder().setSeconds(from.getEpochSecond()).setNanos(from.getNano()))
            .build();
    PrintWriter out = spec.commandLine().getOut();
    long differences = 0;
    try (var server = connection.connect(CLIENT)) {
      Iterator<ReplayResponse> found = server.policyInsight().replay(request);
      while (found.hasNext()) {
        ReplayResponse next = found.next();
        switch (next.getFoundCase()) {
          case DIFFERENCE -> {
            differences++;
            out.println(
                json
                    ? ReplayText.json(next.getDifference())
                    : ReplayText.text(next.getDifference()));
          }
          case SUMMARY ->
              out.println(
                  json
                      ? ReplayText.json(next.getSummary())
                      : String.join("\n", ReplayText.lines(next.getSummary())));
          case FOUND_NOT_SET ->
              throw CommandException.unavailable(
                  "the server's answer is none that this version knows");
        }
      }
    }
    out.flush();
    return differences == 0 ? ExitCode.OK : ExitCode.NO;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw CommandException.unavailable(file + " is not a file you can read", e);
    }
  }
}
