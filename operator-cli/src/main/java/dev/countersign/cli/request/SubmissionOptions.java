package dev.countersign.cli.request;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What every signature is asked for with.
final class SubmissionOptions {
  @Option(names = "--wallet", required = true, description = "The id of the wallet that signs.")
  private String wallet = "";

  @Option(
      names = "--chain",
      defaultValue = "eip155:31337",
      description = "The chain, as a CAIP-2 id. Default: ${DEFAULT-VALUE}, the sandbox's")
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

  String wallet() {
    return wallet;
  }

  String chain() {
    return chain;
  }

  /// The name that was given, or a new one.
  String requestId() {
    return requestId == null ? "cli-" + UUID.randomUUID() : requestId;
  }

  boolean isValidateOnly() {
    return validateOnly;
  }
}
