package dev.countersign.cli.policy;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.WalletId;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.testing.PolicyCase;
import dev.countersign.policy.testing.PolicyTestFile;
import dev.countersign.policy.testing.PolicyTestReader;
import dev.countersign.policy.testing.RawRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options that say what is asked, and of which policy.
final class SimulatedRequest {
  /// For requests that a server judges.
  private static final String NO_POLICY = "format: countersign/policy/v1\nrules: []\n";

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = {
        "A file of `policy test`, with one case, or with --case. What it expects is not looked at,"
            + " and may be missing."
      })
  private @Nullable Path file;

  @Option(names = "--case", paramLabel = "NAME", description = "Which case of the file.")
  private @Nullable String name;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "What to judge by. Default: the policy that the file of cases names.")
  private @Nullable Path policy;

  @Option(
      names = "--transaction",
      paramLabel = "0xHEX",
      description = {
        "In place of a file: an unsigned EIP-1559 transaction, 0x02…; needs --wallet and --client."
      })
  private @Nullable String transaction;

  @Option(
      names = "--wallet",
      paramLabel = "ID=ADDRESS",
      description = "With --transaction: the wallet that pays, and its account.")
  private @Nullable String wallet;

  @Option(
      names = "--client",
      paramLabel = "ID",
      description = "With --transaction: who asks. With --active it is whoever asks the server.")
  private @Nullable String client;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "With --transaction: when, such as 2026-11-02T12:00:00Z.")
  private @Nullable Instant at;

  @Option(
      names = "--spent",
      paramLabel = "RULE/LIMIT=AMOUNT",
      description = "With --transaction: what a limit holds already, as a policy writes amounts.")
  private Map<String, String> spent = new LinkedHashMap<>();

  /// Reads it.
  ///
  /// @param byServer whether a server judges it, by a policy of its own
  /// @return exactly one case
  PolicyTestFile read(boolean byServer) {
    if ((file == null) == (transaction == null)) {
      throw CommandException.usage("expected a file of cases, or --transaction");
    }
    if (byServer && (policy != null || !spent.isEmpty())) {
      throw CommandException.usage("--active judges by the server's policy and limits alone");
    }
    Optional<PolicyDocument> instead =
        byServer
            ? Optional.of(
                document(Path.of("no policy"), NO_POLICY.getBytes(StandardCharsets.UTF_8)))
            : Optional.ofNullable(policy).map(path -> document(path, bytes(path)));
    return file == null ? raw(instead, byServer) : chosen(file, instead);
  }

  private PolicyTestFile raw(Optional<PolicyDocument> document, boolean byServer) {
    if (document.isEmpty()) {
      throw CommandException.usage("--transaction is judged by --policy FILE, or with --active");
    }
    String[] named = wallet == null ? new String[0] : wallet.split("=", 2);
    boolean anonymous = client == null && !byServer;
    if (named.length == 0 || (named.length == 1 && !byServer) || anonymous) {
      throw CommandException.usage("--transaction needs --wallet ID=ADDRESS and --client ID");
    }
    try {
      RawRequest request =
          new RawRequest(
              new ClientId(client == null ? "whoever-asks" : client),
              new WalletId(named[0]),
              Address.parse(named.length == 2 ? named[1] : "0x" + "0".repeat(40)),
              Bytes.fromHex(transaction == null ? "" : transaction));
      PolicyCase example =
          request.as("transaction", document.get(), Optional.ofNullable(at), spent);
      return new PolicyTestFile(Path.of("transaction"), document.get(), List.of(example));
    } catch (InvalidValueException e) {
      throw CommandException.usage(LogWords.lines(String.valueOf(e.getMessage())));
    }
  }

  private PolicyTestFile chosen(Path cases, Optional<PolicyDocument> instead) {
    PolicyTestFile read = requests(cases, instead);
    List<PolicyCase> fitting =
        read.cases().stream().filter(it -> name == null || it.name().equals(name)).toList();
    if (fitting.size() != 1) {
      throw CommandException.usage(
          LogWords.lines(
              "name one case of %s with --case: %s"
                  .formatted(
                      cases,
                      String.join("; ", read.cases().stream().map(PolicyCase::name).toList()))));
    }
    return new PolicyTestFile(read.policyFile(), read.policy(), fitting);
  }

  private static PolicyTestFile requests(Path cases, Optional<PolicyDocument> instead) {
    try {
      return switch (PolicyTestReader.readRequests(cases, instead)) {
        case PolicyTestFile.Reading.Valid(PolicyTestFile read) -> read;
        case PolicyTestFile.Reading.Invalid invalid ->
            throw CommandException.unavailable(LogWords.lines(invalid.text()));
      };
    } catch (IOException e) {
      throw CommandException.unavailable(cases + " is not a file you can read", e);
    }
  }

  private static PolicyDocument document(Path path, byte[] bytes) {
    return switch (PolicyDocumentReader.read(bytes)) {
      case Reading.Valid(PolicyDocument document) -> document;
      case Reading.Invalid invalid ->
          throw CommandException.unavailable(
              LogWords.lines(path + " is no policy\n" + invalid.text()));
    };
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw CommandException.unavailable(path + " is not a file you can read", e);
    }
  }
}
