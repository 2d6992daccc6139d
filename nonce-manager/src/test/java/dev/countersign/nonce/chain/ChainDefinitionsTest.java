package dev.countersign.nonce.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.ChainId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChainDefinitionsTest {
  private static final String VALID =
      """
      id: eip155:11155111
      name: Sepolia
      nativeSymbol: ETH
      feeModel: eip1559
      endpoints:
        - https://sepolia.example/v3/secretkey
        - http://127.0.0.1:8545
      confirmations: 3
      pollInterval: 2s
      explorer: https://sepolia.example/tx/{hash}
      """;

  @TempDir Path directory;

  @Test
  void readsEveryKey() throws IOException {
    write("sepolia.yaml", VALID);
    ChainDefinitions chains = ChainDefinitions.load(directory);
    assertThat(chains.definitions())
        .containsExactly(
            new ChainDefinition(
                ChainId.ofEip155(11155111),
                "Sepolia",
                "ETH",
                FeeModel.EIP1559,
                List.of(
                    URI.create("https://sepolia.example/v3/secretkey"),
                    URI.create("http://127.0.0.1:8545")),
                3,
                Duration.ofSeconds(2),
                "https://sepolia.example/tx/{hash}"));
    assertThat(chains.find(ChainId.ofEip155(11155111)).orElseThrow().confirmations()).isEqualTo(3);
    assertThat(chains.find(ChainId.ofEip155(1))).isEmpty();
  }

  @Test
  void readsEachFileOfTheDirectoryInTheOrderOfIds() throws IOException {
    write("b.yaml", VALID);
    write("a.yaml", VALID.replace("11155111", "137").replace("2s", "1min"));
    write("notes.txt", "not a chain");
    assertThat(ChainDefinitions.load(directory).all())
        .extracting(chain -> chain.id().caip2())
        .containsExactly("eip155:11155111", "eip155:137");
  }

  @Test
  void theDocumentedExampleLoadsAndEveryKeyIsDocumented() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "CHAINS.md"));
    write("example.yaml", page.split("```yaml\n", -1)[1].split("```", -1)[0]);
    assertThat(ChainDefinitions.load(directory).all()).hasSize(1);
    assertThat(
            page.lines().filter(line -> line.startsWith("| `")).map(line -> line.split("`", -1)[1]))
        .containsExactlyInAnyOrderElementsOf(ChainFile.KEYS);
  }

  @Test
  void readsWhichBalancesAreWatchedAndHowOften() throws IOException {
    write(
        "a.yaml",
        VALID + "tokens: ['0x52908400098527886E0F7030069857D2E4169EE7']\nbalanceInterval: 250ms\n");
    ChainDefinition chain = ChainDefinitions.load(directory).definitions().getFirst();
    assertThat(chain.balances().interval()).isEqualTo(Duration.ofMillis(250));
    assertThat(chain.watchedAssets())
        .extracting(Object::toString)
        .containsExactly(
            "eip155:11155111/slip44:60",
            "eip155:11155111/erc20:0x52908400098527886e0f7030069857d2e4169ee7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tokens: 0x52 | tokens | expected a list of at most 100 addresses
          tokens: [0x52908400098527886E0F7030069857D2E4169EE7] | tokens[0] | quoted
          tokens: ['0x52908400098527886E0F7030069857D2E4169Ee7'] | tokens[0] | checksum
          balanceInterval: 2h | balanceInterval | expected 50ms to 60min
          balanceInterval: 61min | balanceInterval | expected 50ms to 60min
          """)
  void refusesOtherBalances(String line, String key, String problem) throws IOException {
    write("a.yaml", VALID + line + "\n");
    assertRefused(key, "a.yaml", problem);
  }

  @Test
  void theExplorerIsOptional() throws IOException {
    write("a.yaml", without("explorer"));
    assertThat(ChainDefinitions.load(directory).all().getFirst().explorer()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"id", "name", "nativeSymbol", "feeModel", "confirmations", "pollInterval"})
  void namesTheFileAndTheKeyThatIsMissing(String key) throws IOException {
    write("broken.yaml", without(key));
    assertRefused(key, "broken.yaml", "missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id            | eip155:11155111              | solana:mainnet        | a CAIP-2 id
          nativeSymbol  | ETH                          | "E T"                 | letters and digits
          feeModel      | eip1559                      | legacy                | one of eip1559
          confirmations | 3                            | 0                     | from 1 to
          confirmations | 3                            | three                 | from 1 to
          pollInterval  | 2s                           | 2                     | such as 500ms
          pollInterval  | 2s                           | 10ms                  | such as 500ms
          pollInterval  | 2s                           | 999s                  | such as 500ms
          explorer      | https://sepolia.example/tx/{hash} | https://sepolia.example | {hash}
          endpoints[0]  | https://sepolia.example/v3/secretkey | ftp://sepolia.example | http or https
          endpoints[0]  | https://sepolia.example/v3/secretkey | https:///nohost | http or https
          endpoints[0]  | https://sepolia.example/v3/secretkey | "not a url" | http or https
          endpoints[1]  | http://127.0.0.1:8545        | https://sepolia.example/v3/secretkey | twice
          """)
  void namesTheFileAndTheKeyThatIsWrong(String key, String right, String wrong, String message)
      throws IOException {
    write("broken.yaml", VALID.replace(right, wrong));
    assertRefused(key, "broken.yaml", message);
  }

  @Test
  void neverRepeatsAnEndpointSinceItMayHoldAKey() throws IOException {
    write("broken.yaml", VALID.replace("https://sepolia.example/v3", "htps://sepolia.example/v3"));
    assertThatThrownBy(() -> ChainDefinitions.load(directory))
        .hasMessageContaining("endpoints[0]")
        .hasMessageNotContaining("secretkey");
  }

  @Test
  void refusesAListOfNoEndpoints() throws IOException {
    write("broken.yaml", VALID.replaceAll("(?s)endpoints:.*8545", "endpoints: []"));
    assertRefused("endpoints", "broken.yaml", "at least one");
  }

  @Test
  void refusesAnUnknownKeyAndSaysWhichThereAre() throws IOException {
    write("broken.yaml", VALID + "gasLimit: 5\n");
    assertRefused("gasLimit", "broken.yaml", "confirmations, endpoints, explorer");
  }

  @Test
  void refusesTheSameKeyTwice() throws IOException {
    write("broken.yaml", VALID + "name: Other\n");
    assertRefused("", "broken.yaml", "duplicate key name");
  }

  @Test
  void refusesTheSameChainTwice() throws IOException {
    write("a.yaml", VALID);
    write("b.yaml", VALID);
    assertRefused("id", "b.yaml", "a.yaml too");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "- a\n- b\n", "just text", "a: [\n", "!!java.net.URL [http://x]\n"})
  void refusesWhatIsNoMapping(String content) throws IOException {
    write("broken.yaml", content);
    assertRefused("", "broken.yaml", "");
  }

  @Test
  void refusesADirectoryWithoutChains() {
    assertRefused("", directory.toString(), "no chain is defined");
    assertThatThrownBy(() -> ChainDefinitions.load(directory.resolve("absent")))
        .isInstanceOf(ChainDefinitionException.class);
  }

  private void assertRefused(String key, String file, String message) {
    assertThatThrownBy(() -> ChainDefinitions.load(directory))
        .isInstanceOfSatisfying(
            ChainDefinitionException.class, e -> assertThat(e.key()).isEqualTo(key))
        .hasMessageContaining(file)
        .hasMessageContaining(message);
  }

  private static String without(String key) {
    return VALID.replaceAll("(?m)^" + key + ":.*\n", "");
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }
}
