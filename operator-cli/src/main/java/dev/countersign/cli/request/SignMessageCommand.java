package dev.countersign.cli.request;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.SignMessageRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
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

  @Option(names = "--wallet", required = true, description = "The id of the wallet that signs.")
  private String wallet = "";

  @Option(
      names = "--chain",
      defaultValue = "eip155:31337",
      description =
          "The chain whose rules judge it, as a CAIP-2 id. Default: ${DEFAULT-VALUE}, the"
              + " sandbox's")
  private String chain = "";

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description = {
        "Your own name for the request: asked again with the same name, nothing is signed twice."
            + " Default: a new one"
      })
  private @Nullable String requestId;

  @Option(names = "--validate-only", description = "A dry run: say what policy would say now.")
  private boolean validateOnly;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Message message = new Message();

  /// The message, in one of two ways.
  static final class Message {
    @Option(names = "--text", description = "The message, as text.")
    private @Nullable String text;

    @Option(names = "--hex", paramLabel = "0xHEX", description = "The message, as bytes.")
    private @Nullable String hex;

    ByteString bytes() {
      return text != null ? ByteString.copyFromUtf8(text) : ofHex(hex == null ? "" : hex);
    }

    private static ByteString ofHex(String hex) {
      try {
        if (hex.startsWith("0x")) {
          return ByteString.copyFrom(
              HexFormat.of().parseHex(hex.substring(2).toLowerCase(Locale.ROOT)));
        }
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(notHex(hex));
      }
      throw CommandException.usage(notHex(hex));
    }

    private static String notHex(String text) {
      return "--hex " + text + ": expected 0x and an even number of hex digits";
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
      var shown = new ShownAnswer(spec.commandLine().getOut());
      return switch (answer.getResultCase()) {
        case REQUEST -> {
          shown.request(answer.getRequest());
          proofs.write(answer.getAuditProofsList(), spec.commandLine().getOut());
          yield RequestText.exitCode(answer.getRequest());
        }
        case FORECAST -> shown.forecast(answer.getForecast());
        case RESULT_NOT_SET ->
            throw CommandException.unavailable(
                "the server's answer is none that this version knows");
      };
    }
  }

  private SignMessageRequest request() {
    return SignMessageRequest.newBuilder()
        .setRequestId(requestId == null ? "cli-" + UUID.randomUUID() : requestId)
        .setWallet(wallet)
        .setChain(chain)
        .setMessage(message.bytes())
        .setValidateOnly(validateOnly)
        .setWithProof(proofs.wanted())
        .build();
  }
}
