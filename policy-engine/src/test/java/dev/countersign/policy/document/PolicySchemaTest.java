package dev.countersign.policy.document;

import static dev.countersign.policy.sample.Samples.allowing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.rule.ArgumentsReader;
import dev.countersign.policy.rule.DomainCriterion;
import dev.countersign.policy.rule.RollingLimitReader;
import dev.countersign.policy.rule.TimesCriterion;
import dev.countersign.policy.sample.PriceSamples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The published schema and the reader say the same, as far as a schema can say it.
class PolicySchemaTest {
  private static final String ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final Path EXAMPLE = Path.of("..", "docs", "policy.example.yaml");
  private static final Path EXAMPLES = Path.of("..", "docs", "examples");
  private final JsonNode schemaSource = schemaSource();
  private final JsonSchema schema =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schemaSource);

  @Test
  void isItselfAValidSchema() {
    JsonSchema metaSchema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(metaSchema.validate(schemaSource)).isEmpty();
  }

  @Test
  void everyKeyIsInAnExample() throws IOException {
    Set<String> used = new HashSet<>();
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      for (Path file : files.filter(it -> !it.toString().endsWith(".test.yaml")).toList()) {
        JsonNode example = new YAMLMapper().readTree(file.toFile());
        nodes(example).forEach(node -> node.fieldNames().forEachRemaining(used::add));
      }
    }
    List<String> keys =
        nodes(schemaSource)
            .map(node -> node.path("properties"))
            .flatMap(properties -> properties.properties().stream())
            .map(Map.Entry::getKey)
            .distinct()
            .toList();
    assertThat(keys).isNotEmpty();
    assertThat(used).containsAll(keys);
  }

  private static Stream<JsonNode> nodes(JsonNode node) {
    return Stream.concat(Stream.of(node), node.valueStream().flatMap(PolicySchemaTest::nodes));
  }

  @Test
  void hasTheKeysThatTheReaderKnows() {
    JsonNode definitions = schemaSource.get("$defs");
    assertThat(keys(schemaSource)).containsExactlyInAnyOrderElementsOf(PolicyDocumentReader.KEYS);
    assertThat(keys(definitions.get("rule"))).containsExactlyInAnyOrderElementsOf(RuleReader.KEYS);
    assertThat(keys(definitions.get("limit")))
        .containsExactlyInAnyOrderElementsOf(RollingLimitReader.KEYS);
    assertThat(keys(definitions.get("addressEntry")))
        .containsExactlyInAnyOrderElementsOf(AddressBookReader.ENTRY_KEYS);
    assertThat(keys(definitions.get("weeklyTime")))
        .containsExactlyInAnyOrderElementsOf(TimesCriterion.KEYS);
    assertThat(keys(definitions.get("argument")))
        .containsExactlyInAnyOrderElementsOf(ArgumentsReader.KEYS);
    assertThat(keys(definitions.get("messageField")))
        .containsExactlyInAnyOrderElementsOf(ArgumentsReader.KEYS);
    assertThat(keys(definitions.get("rule").get("properties").get("domain")))
        .containsExactlyInAnyOrderElementsOf(DomainCriterion.KEYS);
    assertThat(keys(definitions.get("prices")))
        .containsExactlyInAnyOrderElementsOf(PricesReader.KEYS);
    assertThat(keys(definitions.get("feed")))
        .containsExactlyInAnyOrderElementsOf(PricesReader.FEED_KEYS);
  }

  @Test
  void takesTheExampleOfTheDocumentation() throws IOException {
    String example = Files.readString(EXAMPLE);
    assertThat(bySchema(example)).isEmpty();
    assertThat(isRead(example)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maximum: 5",
        "maximum: '5 gwei'",
        "maximumGasCost: 0.01 ether",
        "maximumGasCost: any",
        "maximumGasPrice: 200 gwei",
        "privateRelay: only",
        "privateRelay: public after 1 block",
        "privateRelay: public after 10000 blocks",
        "condition: action.isNative",
        "maximum: 5% of balance",
        "maximum: 0.25% of balance",
        "maximum: 100% of balance",
        "roles: [TRADER]\ncredentials: [mutual-tls]\nsources: ['10.0.0.0/8', '2001:db8::1']",
        "roles: any\ncredentials: any\nsources: any",
        "vaults: [treasury]\ntiers: [hot, cold]",
        "vaults: any\ntiers: any",
        "operations: [typed-message]\ndomain: {name: [Shop], version: ['1'], chainId: [1]}",
        "operations: [typed-message]\ndomain: {verifyingContract: ['" + ADDRESS + "']}",
        "operations: [typed-message]\nprimaryType: Order",
        "operations: [typed-message]\nprimaryType: Order(address maker,uint256[] amounts)\n"
            + "fields: [{at: maker, in: [own-account]}, {at: amounts.*, maximum: 5}]",
        "operations: [contract-call]\nfunction: swap(address,uint256)",
        "operations: [contract-call]\nfunction: swap(address,uint256)\n"
            + "arguments: [{at: 0, in: [own-account]}, {at: 1, maximum: 2 ether, minimum: 1}]",
        "operations: [contract-call]\nfunction: swap((address,uint256)[],bool)\n"
            + "arguments: [{at: '0.*.1', maximum: 5}, {at: 1, in: [true]}]",
        "times: any",
        "times: [{days: [monday, friday], from: '08:00', to: '24:00', zone: Europe/Zurich}]",
        "times: [{days: any, from: 22:30, to: 06:00, zone: UTC}]",
        "notBefore: 2026-01-01T00:00:00Z\nexpires: 2027-01-01T00:00:00Z",
        "limits: [{name: a, maximum: 5, window: PT1H, counts: [value, gas]}]",
        "assets: any\nlimits: [{name: a, maximum: 5 gwei, window: PT1H, counts: [gas]}]",
        "limits: [{name: a, maximum: 5, window: PT1H, per: [chain]}]",
        "limits: [{name: a, maximum: 5, window: P1DT2H}]",
        "limits: [{name: a, maximum: 5, window: lifetime}]",
        "assets: any\nlimits: [{name: a, maximum: 5, window: PT1H, counts: [actions]}]",
        "destinations: [\"0x52908400098527886E0F7030069857D2E4169EE7\"]",
        "operations: [contract-call]\nselectors: [\"0x12345678\"]",
        "accounts: ['" + ADDRESS + "']",
        "accounts: any",
        "assets: ['eip155:1/erc721:" + ADDRESS + "']",
        "operations: [erc20-approve, delegate-call]",
        "wallets: any"
      })
  void bothTake(String fields) {
    String yaml = allowing(fields.split("\n", -1));
    assertThat(bySchema(yaml)).isEmpty();
    assertThat(isRead(yaml)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: other\nmaximums: 5",
        "maximum: -5",
        "maximum: 1e3x",
        "maximum: 5 eth",
        "assets: any\nmaximum: 5",
        "assets: [native, 'eip155:1/slip44:60']\nmaximum: 5",
        "assets: any\nlimits: [{name: a, maximum: 5, window: PT1H}]",
        "assets: [ether]",
        "initiators: []",
        "initiators: desk",
        "initiators: [Desk]",
        "initiators: [any]",
        "initiators: [desk, desk]",
        "wallets: {a: b}",
        "chains: [mainnet]",
        "chains: ['eip155:0']",
        "operations: any",
        "operations: [transfer]",
        "selectors: ['0x12345678']",
        "operations: [contract-call, native-transfer]\nselectors: ['0x12345678']",
        "operations: [contract-call]\nselectors: ['0x1234']",
        "destinations: ['0x1234']",
        "destinations: [Friends]",
        "maximumGasCost: none",
        "maximumGasPrice: any",
        "privateRelay: never",
        "privateRelay: public after 0 blocks",
        "privateRelay: public after 10001 blocks",
        "effect: DENY\nprivateRelay: only",
        "condition: ''",
        "maximum: 5%",
        "maximum: 0% of balance",
        "maximum: 100.5% of balance",
        "assets: any\nmaximum: 5% of balance",
        "roles: [trader]",
        "credentials: [password]",
        "sources: [localhost]",
        "tiers: [lukewarm]",
        "vaults: []",
        "domain: {name: [Shop]}",
        "operations: [typed-message]\ndomain: {}",
        "operations: [typed-message]\ndomain: {title: [Shop]}",
        "operations: [typed-message]\ndomain: {name: Shop}",
        "operations: [typed-message]\nprimaryType: Order(",
        "operations: [typed-message, raw-digest]\nprimaryType: Order",
        "operations: [typed-message]\nfields: [{at: maker, in: [own-account]}]",
        "function: swap(address,uint256)",
        "operations: [contract-call]\nfunction: swap",
        "operations: [contract-call]\nfunction: swap()\nselectors: ['0x12345678']",
        "operations: [contract-call]\narguments: [{at: 0, maximum: 5}]",
        "operations: [contract-call]\nfunction: swap(uint256)\narguments: []",
        "operations: [contract-call]\nfunction: swap(uint256)\narguments: [{at: 0}]",
        "operations: [contract-call]\nfunction: swap(uint256)\narguments: [{maximum: 5}]",
        "operations: [contract-call]\nfunction: swap(uint256)\n"
            + "arguments: [{at: 0, in: [5], maximum: 5}]",
        "times: []",
        "times: [{from: '08:00', to: '00:00', zone: UTC}]",
        "times: [{from: '08:00', to: '09:00'}]",
        "times: [{days: [mon], from: '08:00', to: '09:00', zone: UTC}]",
        "expires: 2027-01-01",
        "limits: [{name: a, maximum: 5, window: PT1H, counts: any}]",
        "limits: [{name: a, maximum: 5, window: PT1H, counts: []}]",
        "limits: [{name: a, maximum: 5, window: PT1H, counts: [gas, fees]}]",
        "assets: any\nlimits: [{name: a, maximum: 5, window: PT1H, counts: [gas, value]}]",
        "accounts: []",
        "above: 5",
        "delay: PT1H",
        "effect: DELAY",
        "limits: []",
        "limits: [{name: a, maximum: 5}]",
        "limits: [{name: a, maximum: 5, window: 24h}]",
        "limits: [{name: a, maximum: 5, window: PT1H, counts: [actions, value]}]",
        "limits: [{name: a, maximum: 5, window: P1M}]",
        "limits: [{name: a, maximum: 5, window: PT1H, per: [day]}]",
        "limits: [{name: a, maximum: 5, window: PT1H, sum: 1}]",
        "description: []"
      })
  void bothRefuse(String fields) {
    String yaml = allowing(fields.split("\n", -1));
    assertThat(bySchema(yaml)).isNotEmpty();
    assertThat(isRead(yaml)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maximum: 50000 USD",
        "assets: any\nmaximum: 0.01 EUR",
        "assets: any\nlimits: [{name: a, maximum: 250000 USD, window: PT24H}]",
        "assets: any\nlimits: [{name: a, maximum: 5 CHF, counts: [gas], window: lifetime}]",
        "limits: [{name: a, maximum: 5, window: PT1H}, {name: b, maximum: 9 USD, window: PT1H}]"
      })
  void bothTakeAmountsOfCurrencies(String fields) {
    String yaml = PriceSamples.allowing(fields.split("\n", -1));
    assertThat(bySchema(yaml)).isEmpty();
    assertThat(isRead(yaml)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maximum: 50000 US",
        "maximum: 50,000 USD",
        "maximum: -1 USD",
        "maximum: 01 USD",
        "maximum: USD 5",
        "maximumGasCost: 5 USD",
        "assets: any\nlimits: [{name: a, maximum: 5 USDOLL, window: PT1H}]",
        "assets: any\nlimits: "
            + "[{name: a, maximum: 5, window: PT1H}, {name: b, maximum: 9 USD, window: PT1H}]"
      })
  void bothRefuseAmountsThatAreNone(String fields) {
    String yaml = PriceSamples.allowing(fields.split("\n", -1));
    assertThat(bySchema(yaml)).isNotEmpty();
    assertThat(isRead(yaml)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules: []",
        "format: countersign/policy/v2\nrules: []",
        "format: countersign/policy/v1",
        "format: countersign/policy/v1\nrules: [{name: a}]",
        "format: countersign/policy/v1\nrules: [{name: a, effect: allow}]",
        "format: countersign/policy/v1\nrules: [{name: default-deny, effect: DENY}]",
        "format: countersign/policy/v1\nrules: [{name: a, effect: ALLOW}]",
        "format: countersign/policy/v1\nrules: [{name: a, effect: DENY, maximum: 1}]",
        "format: countersign/policy/v1\nrules: []\naddresses: {any: ['" + ADDRESS + "']}",
        "format: countersign/policy/v1\nrules: []\naddresses: {a: []}",
        "format: countersign/policy/v1\nrules: []\nbreakers: {}",
        """
        format: countersign/policy/v1
        rules: []
        breakers: [{name: a, scope: wallet}]\
        """,
        """
        format: countersign/policy/v1
        rules: []
        breakers: [{name: a, scope: key, counts: denials, maximum: 1, window: PT1M}]\
        """,
        "format: countersign/policy/v1\nrules: []\nprices: {}",
        "format: countersign/policy/v1\nrules: []\nprices: {maximumAge: PT5M, feeds: []}",
        "format: countersign/policy/v1\nrules: []\nprices: {maximumAge: PT5M, feeds: [{name: a}]}",
        "format: countersign/policy/v1\nrules: []\n"
            + "prices: {maximumAge: PT5M, feeds: [{name: a, key: 'ed25519:AA=='}]}",
        """
        format: countersign/policy/v1
        rules: []
        breakers: [{name: a, scope: wallet, counts: balance-drop, maximum: 1, window: PT1M}]\
        """,
        """
        format: countersign/policy/v1
        rules: []
        breakers: [{name: a, scope: wallet, counts: denials, asset: any, maximum: 1, window: PT1M}]\
        """,
        """
        format: countersign/policy/v1
        rules: []
        breakers: [{name: a, scope: wallet, counts: denials, maximum: 1% of balance, window: PT1M}]\
        """,
        """
        format: countersign/policy/v1
        rules: []
        breakers: [{name: a, scope: wallet, counts: unexplained-decrease, asset: native,
          maximum: 1% of balance, window: PT1M}]\
        """,
        """
        format: countersign/policy/v1
        rules: []
        breakers: [{name: a, scope: wallet, counts: foreign-transaction, maximum: 1}]\
        """,
        """
        format: countersign/policy/v1
        rules: []
        breakers: [{name: a, scope: wallet, counts: denials}]\
        """,
        "format: countersign/policy/v1\nrules: []\nfreeze: {}",
        "format: countersign/policy/v1\nrules: []\nfreeze: {thaw: {group: treasury}}",
        "format: countersign/policy/v1\nrules: []\naddresses: [a]",
        "format: countersign/policy/v1\nrules: []\nholdDown: 24h",
        "format: countersign/policy/v1\nrules: []\naddresses: {a: [{tags: [b]}]}",
        "format: countersign/policy/v1\nrules: []\n"
            + "addresses: {a: [{address: '"
            + ADDRESS
            + "', tags: []}]}",
        "format: countersign/policy/v1\nrules: []\nclients: [a]",
        "format: countersign/policy/v1\nrules: []\nclients: {any: [a]}",
        "format: countersign/policy/v1\nrules: []\nwalletGroups: {a: []}",
        "format: countersign/policy/v1\nrules: []\nchanges: {}",
        "format: countersign/policy/v1\nrules: []\nchanges: {approvals: {group: a}}",
        "format: countersign/policy/v1\nrules: []\nchanges: {approvals: {}, delays: PT1H}"
      })
  void bothRefuseDocuments(String yaml) {
    assertThat(bySchema(yaml)).isNotEmpty();
    assertThat(isRead(yaml)).isFalse();
  }

  private Set<ValidationMessage> bySchema(String yaml) {
    try {
      return schema.validate(new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new AssertionError(yaml, e);
    }
  }

  private static boolean isRead(String yaml) {
    return PolicyDocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8))
        instanceof Reading.Valid;
  }

  private static List<String> keys(JsonNode object) {
    return object.get("properties").propertyStream().map(Map.Entry::getKey).toList();
  }

  private static JsonNode schemaSource() {
    try (InputStream in = PolicyDocument.class.getResourceAsStream("policy.schema.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in, "policy.schema.json"));
    } catch (IOException e) {
      throw new AssertionError("policy.schema.json cannot be read", e);
    }
  }
}
