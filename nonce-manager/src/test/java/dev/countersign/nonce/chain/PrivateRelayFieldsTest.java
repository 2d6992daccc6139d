package dev.countersign.nonce.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivateRelayFieldsTest {
  private static final List<ChainEndpoint> NODES =
      List.of(ChainEndpoint.parse("https://node.example.com/key"));

  @Test
  void readsAllOfIt() {
    assertThat(
            read(
                "{endpoints: ['https://one.example.com/k', 'http://127.0.0.1:9'],"
                    + " authorizationFile: /run/secrets/relay}"))
        .contains(
            new PrivateRelayTerms(
                List.of(URI.create("https://one.example.com/k"), URI.create("http://127.0.0.1:9")),
                Optional.of(Path.of("/run/secrets/relay"))));
  }

  @Test
  void thereIsNoneWhereNothingIsSaid() {
    assertThat(PrivateRelayFields.read(document("id: x"), null, NODES)).isEmpty();
  }

  @Test
  void showsNoAddress() {
    assertThat(read("{endpoints: ['https://one.example.com/secret']}").orElseThrow())
        .hasToString("PrivateRelayTerms[1 endpoints]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://a.example | privateRelay: expected keys and values: authorizationFile, endpoints",
        "{url: x} | privateRelay.url: unknown key; there are authorizationFile, endpoints",
        "{endpoints: []} | privateRelay.endpoints: expected a list with at least one URL",
        "{endpoints: [ftp://a/k]} | privateRelay.endpoints[0]: expected an http or https URL",
        "{endpoints: [7]} | privateRelay.endpoints[0]: expected an http or https URL",
        "{endpoints: ['https://a/k', 'https://a/k']} | the same endpoint twice",
        "{endpoints: ['https://node.example.com/key']} | is one of the chain's `endpoints`",
        "{endpoints: ['https://a/k'], authorizationFile: secret} | expected the absolute path",
        "{endpoints: ['https://a/k'], authorizationFile: 5} | expected the absolute path",
      })
  void saysWhatIsWrongAndWhere(String value, String message) {
    assertThatThrownBy(() -> read(value))
        .isInstanceOf(ChainDefinitionException.class)
        .hasMessageContaining(message);
  }

  private static Optional<PrivateRelayTerms> read(String value) {
    ChainDocument document = document("id: x\nprivateRelay: " + value);
    return PrivateRelayFields.read(document, document.values().get(PrivateRelayFields.KEY), NODES);
  }

  private static ChainDocument document(String text) {
    return ChainDocument.parse(Path.of("chain.yaml"), text);
  }
}
