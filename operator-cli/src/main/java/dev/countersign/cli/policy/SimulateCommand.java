package dev.countersign.cli.policy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.request.ForecastJson;
import dev.countersign.cli.request.ForecastText;
import dev.countersign.cli.request.ReceivedForecast;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Nonce;
import dev.countersign.policy.testing.PolicyCase;
import dev.countersign.policy.testing.PolicyTestFile;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign policy simulate`.
@Command(
    name = "simulate",
    description = {
      "Judges one request and explains the answer in full, without consuming anything: a case of a"
          + " file of `policy test`, or a transaction's bytes; by a policy's file, or with --active"
          + " by the one that a server judges by. Exits with 0 when it would be signed, at once or"
          + " after waiting, with 1 when it would be denied."
    })
public final class SimulateCommand implements Callable<Integer> {
  /// The sandbox's client that asks for transactions.
  private static final String CLIENT = "trading-desk";

  @Mixin private SimulatedRequest request = new SimulatedRequest();
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--active",
      description = {
        "Ask the server what its active policy says now, as the client whose certificate is used:"
            + " with what its limits hold. Fees and balance are checked as of a real request."
      })
  private boolean active;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    Forecast forecast =
        active ? ofServer(request.read(true)) : request.read(false).explain().getFirst();
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(ForecastJson.of(forecast).toPrettyString());
    } else {
      ForecastText.lines(forecast).forEach(out::println);
    }
    out.flush();
    return forecast.allowed() || forecast.awaited().isPresent() ? ExitCode.OK : ExitCode.NO;
  }

  private Forecast ofServer(PolicyTestFile file) {
    PolicyCase example = file.cases().getFirst();
    UnsignedTransaction asked =
        switch (TransactionDecoder.decode(example.payload())) {
          case Outcome.Decoded decoded -> decoded.transaction();
          case Outcome.Undecodable undecodable ->
              throw CommandException.usage(
                  "this is no transaction that is signed here: " + undecodable.detail());
        };
    // The nonce is the server's to choose.
    var payload =
        new UnsignedTransaction(asked.chain(), new Nonce(0), asked.fees(), asked.call()).encode();
    try (var server = connection.connect(CLIENT)) {
      var answer =
          server
              .signing()
              .signTransaction(
                  SignTransactionRequest.newBuilder()
                      .setRequestId("simulate-" + UUID.randomUUID())
                      .setWallet(example.wallet().value())
                      .setChain(asked.chain().caip2())
                      .setEncoded(ByteString.copyFrom(payload.toArray()))
                      .setValidateOnly(true)
                      .build());
      return ReceivedForecast.of(answer.getForecast());
    }
  }
}
