package dev.countersign.cli.request;

import dev.countersign.api.v1.BatchError;
import dev.countersign.api.v1.BatchResult;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SubmitBatchRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.connection.ConnectionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign request batch`.
@Command(
    name = "batch",
    description = {
      "Asks for many signatures: one JSON object on each line of a file, with requestId, wallet,"
          + " chain, and one of to (with amount, and token or data), create, text, typedData."
          + " Asked again with the same file, nothing is signed twice."
    })
public final class BatchCommand implements Callable<Integer> {
  /// What a server takes at once.
  static final int MOST_ITEMS = 100;

  static final int MOST_BYTES = 1_000_000;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "FILE", description = "The submissions, a JSON object on each line.")
  private Path file = Path.of("");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var lines = BatchFile.read(file.toString(), content());
    var out = spec.commandLine().getOut();
    int exitCode = ExitCode.OK;
    try (var server = connection.connect(RequestCommand.CLIENT)) {
      // One after the other, so that nonces follow the lines.
      for (var part : parts(lines)) {
        var results =
            server
                .signing()
                .submitBatch(
                    SubmitBatchRequest.newBuilder()
                        .addAllItems(part.stream().map(BatchFile.Line::item).toList())
                        .build())
                .getResultsList();
        if (results.size() != part.size()) {
          throw CommandException.unavailable(
              "%d results for %d items, which is none that this version knows"
                  .formatted(results.size(), part.size()));
        }
        for (int i = 0; i < part.size(); i++) {
          out.println(text(part.get(i).number(), results.get(i)));
          exitCode = Math.max(exitCode, exitCode(results.get(i)));
        }
      }
    }
    return exitCode;
  }

  /// In order, each no more than a server takes.
  static List<List<BatchFile.Line>> parts(List<BatchFile.Line> lines) {
    List<List<BatchFile.Line>> parts = new ArrayList<>();
    List<BatchFile.Line> part = new ArrayList<>();
    int bytes = 0;
    for (var line : lines) {
      int size = line.item().getSerializedSize();
      if (!part.isEmpty() && (part.size() == MOST_ITEMS || bytes + size > MOST_BYTES)) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(line);
      bytes += size;
    }
    parts.add(part);
    return parts;
  }

  /// {@return one line for one result}
  static String text(int line, BatchResult result) {
    var outcome =
        switch (result.getResultCase()) {
          case REQUEST -> request(result.getRequest());
          case ERROR -> error(result.getError());
          case RESULT_NOT_SET -> "nothing that this version knows";
        };
    return "line %d  %s  %s".formatted(line, LogWords.lines(result.getRequestId()), outcome);
  }

  private static String request(SigningRequest request) {
    var state = RequestText.state(request.getState());
    if (!request.getTransactionHash().isEmpty()) {
      return "%s  nonce %s  %s"
          .formatted(
              state, Long.toUnsignedString(request.getNonce()), request.getTransactionHash());
    }
    return request.getDecision().getReason().isEmpty()
        ? state
        : state + "  " + LogWords.lines(request.getDecision().getReason());
  }

  private static String error(BatchError error) {
    return "%s%s: %s%s"
        .formatted(
            error.getReason(),
            error.getField().isEmpty() ? "" : " (" + error.getField() + ")",
            LogWords.lines(error.getMessage()),
            error.getRetryable() ? "; may be sent again" : "");
  }

  static int exitCode(BatchResult result) {
    return result.hasRequest() ? RequestText.exitCode(result.getRequest()) : ExitCode.NO;
  }

  private List<String> content() {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw CommandException.usage(file + " cannot be read: " + e.getMessage());
    }
  }
}
