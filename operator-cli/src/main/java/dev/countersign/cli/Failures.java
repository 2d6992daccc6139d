package dev.countersign.cli;

import dev.countersign.cli.audit.LogWords;
import dev.countersign.testenv.TestEnvironmentException;
import io.grpc.StatusRuntimeException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Turns what a command throws into a message and an exit code. A stack trace is shown for bugs
/// alone: what people can act on is in the message.
final class Failures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    var err = command.getErr();
    return switch (failure) {
      case CommandException expected -> {
        err.println("countersign: " + LogWords.lines(String.valueOf(expected.getMessage())));
        yield expected.exitCode();
      }
      case TestEnvironmentException broken -> {
        err.println("countersign: " + broken.getMessage());
        yield ExitCode.UNAVAILABLE;
      }
      case StatusRuntimeException answer -> {
        var refusal = ServerRefusal.of(answer);
        err.println("countersign: " + LogWords.lines(refusal.message()));
        yield refusal.exitCode();
      }
      default -> {
        err.println("countersign: a bug in countersign: " + failure);
        failure.printStackTrace(err);
        yield ExitCode.BUG;
      }
    };
  }
}
