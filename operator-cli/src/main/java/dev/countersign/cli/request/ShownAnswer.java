package dev.countersign.cli.request;

import dev.countersign.api.v1.Forecast;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.cli.ExitCode;
import java.io.PrintWriter;

/// What a server answers to a submission, printed.
record ShownAnswer(PrintWriter out) {

  void request(SigningRequest request) {
    RequestText.describe(request).forEach(out::println);
  }

  /// {@return the exit code}
  int forecast(Forecast forecast) {
    ForecastText.lines(ReceivedForecast.of(forecast)).forEach(out::println);
    return forecast.getAllowed() || forecast.hasAwaited() ? ExitCode.OK : ExitCode.NO;
  }
}
