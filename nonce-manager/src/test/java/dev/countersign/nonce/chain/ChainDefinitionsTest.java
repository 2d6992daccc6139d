package dev.countersign.nonce.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.model.ChainId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChainDefinitionsTest {
  private static final String VALID =
      """
      id: eip155:424242
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
                ChainId.ofEip155(424242),
                "Sepolia",
                "ETH",
                FeeModel.EIP1559,
                List.of(
                    URI.create("https://sepolia.example/v3/secretkey"),
                    URI.create("http://127.0.0.1:8545")),
                3,
                Duration.ofSeconds(2),
                "https://sepolia.example/tx/{hash}"));
    assertThat(chains.find(ChainId.ofEip155(424242)).orElseThrow().confirmations()).isEqualTo(3);
    assertThat(chains.find(ChainId.ofEip155(1))).isEmpty();
  }

  @Test
  void readsEachFileOfTheDirectoryInTheOrderOfIds() throws IOException {
    write("b.yaml", VALID);
    write("a.yaml", VALID.replace("424242", "137").replace("2s", "1min"));
    write("notes.txt", "not a chain");
    assertThat(ChainDefinitions.load(directory).all())
        .extracting(chain -> chain.id().caip2())
        .containsExactly("eip155:137", "eip155:424242");
  }

  @Test
  void theDocumentedExampleLoadsAndEveryKeyIsDocumented() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "CHAINS.md"));
    String[] examples = page.split("```yaml\n", -1);
    for (int i = 1; i < examples.length; i++) {
      write("example-" + i + ".yaml", examples[i].split("```", -1)[0]);
    }
    assertThat(ChainDefinitions.load(directory).all()).hasSize(5);
    assertThat(
            page.substring(0, page.indexOf("```yaml"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1]))
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
            "eip155:424242/slip44:60",
            "eip155:424242/erc20:0x52908400098527886e0f7030069857d2e4169ee7");
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

  @Test
  void readsWhatMayBeSaidBesides() throws IOException {
    write(
        "more.yaml",
        VALID.replace("- http://127.0.0.1:8545", "- {url: \"http://127.0.0.1:8545\", batch: 20}")
            + """
            slip44: 714
            blockTime: 450ms
            finality: [finalized]
            finalAt: finalized
            inFlight: 64
            transactionTypes: [eip1559, legacy]
            testNetwork: true
            quorum: 1
            """);
    ChainDefinition chain = ChainDefinitions.load(directory).definitions().getFirst();
    assertThat(chain.nativeAsset()).isEqualTo("eip155:424242/slip44:714");
    assertThat(chain.facts())
        .isEqualTo(
            new ChainFacts(
                714,
                Duration.ofMillis(450),
                Set.of(FinalityTag.FINALIZED),
                Optional.of(FinalityTag.FINALIZED),
                64,
                Set.of(TransactionType.LEGACY, TransactionType.EIP1559),
                true));
    assertThat(chain.endpoints())
        .containsExactly(
            ChainEndpoint.of(URI.create("https://sepolia.example/v3/secretkey")),
            new ChainEndpoint(URI.create("http://127.0.0.1:8545"), OptionalInt.of(20)));
    assertThat(chain.quorum()).isEqualTo(1);
    assertThat(chain.endpoints().toString()).doesNotContain("secretkey");
  }

  @Test
  void aMajorityIsTheQuorumUnlessSaidOtherwise() throws IOException {
    write("a.yaml", VALID);
    assertThat(ChainDefinitions.load(directory).definitions().getFirst().quorum()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          slip44              | slip44: ETH                   | 11 | an integer from 0
          blockTime           | blockTime: 1ms                | 11 | expected 10ms to 5min
          finality            | finality: safe                | 11 | expected a list
          finality[1]         | finality: [safe, sure]        | 11 | one of safe, finalized
          finality[1]         | finality: [safe, safe]        | 11 | twice
          finalAt             | finalAt: sure                 | 11 | one of safe, finalized
          finalAt             | finalAt: finalized            | 11 | one of the tags under finality
          inFlight            | inFlight: 0                   | 11 | an integer from 1
          transactionTypes[0] | transactionTypes: [2]         | 11 | one of legacy, eip2930, eip1559
          testNetwork         | testNetwork: perhaps          | 11 | true or false
          quorum              | quorum: 3                     | 11 | an integer from 1 to 2
          """)
  void namesTheLineOfWhatIsWrong(String key, String line, int number, String message)
      throws IOException {
    write("broken.yaml", VALID + line + "\n");
    assertRefused(key, "broken.yaml:" + number + ": " + key + ": ", message);
  }

  @Test
  void namesTheLineOfAnEndpointThatIsWrong() throws IOException {
    write(
        "broken.yaml",
        VALID.replace("- http://127", "- {url: \"http://127.0.0.1\", batch: 0}\n  - http://127"));
    assertRefused("endpoints[1].batch", "broken.yaml:7: ", "an integer from 1");
    write(
        "broken.yaml",
        VALID.replace("- http://127", "- {url: \"http://127.0.0.1\", key: k}\n  - http://127"));
    assertRefused("endpoints[1]", "broken.yaml:7: ", "there are batch, url");
  }

  @Test
  void aShippedChainNeedsNothingButItsEndpoints() throws IOException {
    write("op.yaml", "id: eip155:10\nendpoints: [\"http://127.0.0.1:8545\"]\nconfirmations: 4\n");
    ChainDefinition chain = ChainDefinitions.load(directory).definitions().getFirst();
    assertThat(chain.name()).isEqualTo("OP Mainnet");
    assertThat(chain.feeModel()).isEqualTo(FeeModel.OP_STACK);
    assertThat(chain.confirmations()).isEqualTo(4);
    write("op.yaml", "id: eip155:10\n");
    assertRefused("endpoints", "op.yaml", "missing");
  }

  @Test
  void endpointsFromElsewhereTakeThePlaceOfTheFiles() throws IOException {
    write("op.yaml", "id: eip155:10\n");
    var elsewhere = List.of(ChainEndpoint.of(URI.create("http://127.0.0.1:1")));
    assertThat(ChainDefinitions.read(directory.resolve("op.yaml"), elsewhere).endpoints())
        .isEqualTo(elsewhere);
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
          id            | eip155:424242                | solana:mainnet        | a CAIP-2 id
          nativeSymbol  | ETH                          | "E T"                 | letters and digits
          feeModel      | eip1559                      | auction               | one of eip1559
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
    assertRefused("gasLimit", "broken.yaml:11: ", "blockTime, confirmations, endpoints");
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
