package dev.countersign.cli.request;

import dev.countersign.api.v1.Forecast;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import java.io.PrintWriter;
import java.util.List;

/// What a server answers to a submission, printed.
record ShownAnswer(PrintWriter out, KeptProofs proofs) {

  /// @param auditProofs as the server sent them
  /// @return the exit code
  int request(SigningRequest request, List<String> auditProofs) {
    RequestText.describe(request).forEach(out::println);
    proofs.write(auditProofs, out);
    return RequestText.exitCode(request);
  }

  /// @return the exit code
  int forecast(Forecast forecast) {
    ForecastText.lines(ReceivedForecast.of(forecast)).forEach(out::println);
    return forecast.getAllowed() || forecast.hasAwaited() ? ExitCode.OK : ExitCode.NO;
  }

  /// For an answer of a newer server.
  static CommandException unknown() {
    return CommandException.unavailable("the server's answer is none that this version knows");
  }
}
