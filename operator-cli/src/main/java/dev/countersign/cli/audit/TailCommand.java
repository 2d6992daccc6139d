package dev.countersign.cli.audit;

import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.api.v1.StreamEntriesRequest;
import dev.countersign.api.v1.StreamEntriesResponse;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.connection.ServerConnection;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign audit tail`.
@Command(
    name = "tail",
    description = {
      "Shows entries as they come under a checkpoint, until it is ended. A connection that breaks"
          + " is made again: none is missing, none comes twice."
    })
public final class TailCommand implements Runnable {
  private static final long PAUSE_MILLIS = 1000;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private FilterOptions filter = new FilterOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Option(
      names = "--from",
      paramLabel = "INDEX",
      description = "The first place to look at. Default: what comes from now on")
  private @Nullable Long from;

  @Option(names = "--no-follow", description = "End after what there is now.")
  private boolean endsHere;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var lines = output.lines();
    var question =
        StreamEntriesRequest.newBuilder().setFilter(filter.filter()).setFollow(!endsHere);
    try (var server = connection.connect(AuditCommand.CLIENT)) {
      question.setFromIndex(from == null ? newest(server) : from);
      while (!show(server, question, lines)) {
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long newest(ServerConnection server) {
    return server.audit().getCheckpoint(GetCheckpointRequest.getDefaultInstance()).getSize();
  }

  /// @return whether that is all; else the connection broke, and `question` is where to go on
  private boolean show(
      ServerConnection server, StreamEntriesRequest.Builder question, EntryLines lines) {
    var out = spec.commandLine().getOut();
    try {
      Iterator<StreamEntriesResponse> steps =
          server.auditWithoutEnd().streamEntries(question.build());
      while (steps.hasNext()) {
        var step = steps.next();
        if (step.hasEntry()) {
          if (step.getEntry().getIndex() < question.getFromIndex()) {
            throw CommandException.unavailable(
                "the server sent entry %d again, after %d"
                    .formatted(step.getEntry().getIndex(), question.getFromIndex() - 1));
          }
          out.println(lines.of(step.getEntry()));
          out.flush();
        }
        question.setFromIndex(step.getNextIndex());
      }
      return true;
    } catch (StatusRuntimeException e) {
      if (endsHere || e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
        throw e;
      }
      return false;
    }
  }
}
