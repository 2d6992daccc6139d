package dev.countersign.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes what a fuzzer begins with: the vectors and examples of the repository.
final class Seeds {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path CORE = Path.of("signer-core/src/test/resources/dev/countersign/core");
  private static final Path ENTRIES =
      Path.of("audit-log/src/test/resources/dev/countersign/audit/entry/golden");
  private static final Path POLICIES = Path.of("docs/examples");

  private static final String RECEIPT =
      """
      {"transactionHash":"0x%1$s","blockHash":"0x%1$s","blockNumber":"0x1f","status":"0x1"}\
      """
          .formatted("ab".repeat(32));

  private static final String BLOCK =
      """
      {"number":"0x1f","hash":"0x%s"}\
      """
          .formatted("ab".repeat(32));

  private static final String PROOF =
      """
      c2sp.org/tlog-proof@v1
      extra AAAA
      index 1
      %1$s

      log.example
      2
      %1$s

      \u2014 log.example %1$s
      """
          .formatted("A".repeat(43) + "=");

  private final Path folder;
  private int written;

  private Seeds(Path folder) {
    this.folder = folder;
  }

  /// Arguments: the name of a target, and the folder for its seeds. In the repository's folder.
  static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[1]));
    new Seeds(folder).write(args[0]);
  }

  private void write(String target) throws IOException {
    switch (target) {
      case "transaction" -> transactions(List.of("unsigned", "signed"));
      case "call" -> transactions(List.of("unsigned"));
      case "typed-data" -> typedData();
      case "policy" -> files(POLICIES);
      case "entry" -> files(ENTRIES);
      case "proof" -> seed(PROOF);
      case "node-answer" -> {
        seed(RECEIPT);
        seed(BLOCK);
      }
      default -> throw new IllegalArgumentException("no target " + target);
    }
    IO.println("%d seeds for %s".formatted(written, target));
  }

  private void transactions(List<String> fields) throws IOException {
    for (JsonNode vector : JSON.readTree(CORE.resolve("evm/ethers-transactions.json").toFile())) {
      for (String field : fields) {
        seed(HexFormat.of().parseHex(vector.path(field).stringValue().substring(2)));
      }
    }
  }

  private void typedData() throws IOException {
    JsonNode all = JSON.readTree(CORE.resolve("typeddata/ethers-typed-data.json").toFile());
    for (JsonNode vector : all.path("cases")) {
      seed(JSON.writeValueAsString(vector.path("data")));
    }
  }

  private void files(Path source) throws IOException {
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        seed(Files.readAllBytes(file));
      }
    }
  }

  private void seed(String text) throws IOException {
    seed(text.getBytes(StandardCharsets.UTF_8));
  }

  private void seed(byte[] bytes) throws IOException {
    Files.write(folder.resolve("seed-" + written++), bytes);
  }
}
