package dev.countersign.cli.request;

import dev.countersign.api.v1.ContractCall;
import dev.countersign.api.v1.ContractCreation;
import dev.countersign.api.v1.Erc20Transfer;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import java.math.BigInteger;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign request sign`.
@Command(
    name = "sign",
    description = {
      "Asks for a transaction to be judged, signed and sent: a transfer of the native asset, with"
          + " --token of an ERC-20 token, with --data a call of a contract."
    })
public final class SignCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private KeptProofs proofs = new KeptProofs();
  @Mixin private SubmissionOptions options = new SubmissionOptions();
  @Mixin private FeeOptions fees = new FeeOptions();

  /// Who is sent to, or what is made.
  private static final class Recipient {
    @Option(names = "--to", paramLabel = "ADDRESS", description = "Who receives.")
    private @Nullable String to;

    @Option(
        names = "--create",
        paramLabel = "0xHEX",
        description = "The init code of a contract to create.")
    private @Nullable String create;
  }

  @ArgGroup(multiplicity = "1")
  private Recipient recipient = new Recipient();

  @Option(
      names = "--amount",
      converter = Amount.Converter.class,
      defaultValue = "0",
      description = "How much: 250000 (the smallest unit), 0.25ether, 3gwei. Default: 0")
  private Amount amount = new Amount(BigInteger.ZERO);

  @Option(names = "--token", paramLabel = "ADDRESS", description = "The token to transfer.")
  private @Nullable String token;

  @Option(names = "--data", paramLabel = "0xHEX", description = "The call data.")
  private @Nullable String data;

  @Mixin private BlobOptions blobs = new BlobOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var request = request();
    try (var server = connection.connect(RequestCommand.CLIENT)) {
      var answer = server.signing().signTransaction(request);
      var shown = new ShownAnswer(spec.commandLine().getOut(), proofs);
      return switch (answer.getResultCase()) {
        case REQUEST -> shown.request(answer.getRequest(), answer.getAuditProofsList());
        case FORECAST -> shown.forecast(answer.getForecast());
        case RESULT_NOT_SET -> throw ShownAnswer.unknown();
      };
    }
  }

  private SignTransactionRequest request() {
    var request =
        SignTransactionRequest.newBuilder()
            .setRequestId(options.requestId())
            .setWallet(options.wallet())
            .setChain(options.chain())
            .setValidateOnly(options.isValidateOnly())
            .setWithProof(proofs.wanted());
    fees.fees().ifPresent(request::setMarketFees);
    blobs.blobs().ifPresent(request::setBlobs);
    if (recipient.create != null) {
      return creation(request, recipient.create);
    }
    String to = Objects.requireNonNull(recipient.to, "one of the two is there");
    if (token != null && data != null) {
      throw CommandException.usage(
          "--token and --data exclude each other: one transfers, one calls");
    }
    if (token != null) {
      request.setErc20Transfer(
          Erc20Transfer.newBuilder()
              .setToken(token)
              .setTo(to)
              .setAmount(amount.value().toString()));
    } else if (data != null) {
      request.setContractCall(
          ContractCall.newBuilder()
              .setTo(to)
              .setValue(amount.value().toString())
              .setData(HexText.bytes("--data", data)));
    } else {
      request.setNativeTransfer(
          NativeTransfer.newBuilder().setTo(to).setAmount(amount.value().toString()));
    }
    return request.build();
  }

  private SignTransactionRequest creation(SignTransactionRequest.Builder request, String code) {
    if (token != null || data != null) {
      throw CommandException.usage(
          "--create excludes --token and --data: a new contract is called by nobody yet");
    }
    return request
        .setContractCreation(
            ContractCreation.newBuilder()
                .setValue(amount.value().toString())
                .setInitCode(HexText.bytes("--create", code)))
        .build();
  }
}
