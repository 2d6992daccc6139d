package dev.countersign.cli.request;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.SignMessageRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign request sign-message`.
@Command(
    name = "sign-message",
    description = "Asks for a message to be judged and signed, as personal_sign does (EIP-191).")
public final class SignMessageCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private KeptProofs proofs = new KeptProofs();
  @Mixin private SubmissionOptions options = new SubmissionOptions();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Message message = new Message();

  /// The message, in one of two ways.
  static final class Message {
    @Option(names = "--text", description = "The message, as text.")
    private @Nullable String text;

    @Option(names = "--hex", paramLabel = "0xHEX", description = "The message, as bytes.")
    private @Nullable String hex;

    ByteString bytes() {
      return text != null
          ? ByteString.copyFromUtf8(text)
          : HexText.bytes("--hex", Objects.requireNonNull(hex, "one of the two is there"));
    }
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var request = request();
    try (var server = connection.connect(RequestCommand.CLIENT)) {
      var answer = server.signing().signMessage(request);
      var shown = new ShownAnswer(spec.commandLine().getOut(), proofs);
      return switch (answer.getResultCase()) {
        case REQUEST -> shown.request(answer.getRequest(), answer.getAuditProofsList());
        case FORECAST -> shown.forecast(answer.getForecast());
        case RESULT_NOT_SET -> throw ShownAnswer.unknown();
      };
    }
  }

  private SignMessageRequest request() {
    return SignMessageRequest.newBuilder()
        .setRequestId(options.requestId())
        .setWallet(options.wallet())
        .setChain(options.chain())
        .setMessage(message.bytes())
        .setValidateOnly(options.isValidateOnly())
        .setWithProof(proofs.wanted())
        .build();
  }
}
