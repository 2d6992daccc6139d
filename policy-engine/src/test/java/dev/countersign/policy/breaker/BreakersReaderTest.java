package dev.countersign.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.AssetId;
import dev.countersign.policy.rule.BalanceShare;
import dev.countersign.policy.yaml.Problem;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakersReaderTest {
  private final Problems problems = new Problems();

  private Breakers readAll(String yaml) {
    return YamlReader.read(yaml.getBytes(StandardCharsets.UTF_8), problems)
        .map(node -> BreakersReader.read(node, problems))
        .orElse(Breakers.NONE);
  }

  private List<Breaker> read(String yaml) {
    return readAll(yaml).decisions();
  }

  @Test
  void readsBreakersOnForeignUseWhichHaveNothingToCount() {
    assertThat(
            readAll("- {name: stolen-key, scope: vault, counts: foreign-transaction}").foreignUse())
        .containsExactly(new ForeignUseBreaker("stolen-key", BreakerScope.VAULT));
    assertThat(problems.all()).isEmpty();
    readAll("- {name: odd, scope: vault, counts: foreign-transaction, maximum: 0}");
    assertThat(problems.all()).singleElement().asString().contains("maximum");
  }

  @Test
  void readsBreakersOnBalancesBesideTheOthers() {
    Breakers read =
        readAll(
            """
            - {name: drained, scope: wallet, counts: balance-drop, asset: any,
               maximum: 30% of balance, window: P7D}
            - {name: storm, scope: everything, counts: denials, maximum: 0, window: PT1S}
            - {name: drop, scope: chain, counts: balance-drop, asset: native, maximum: 2 gwei,
               window: PT1H}
            - name: stolen
              scope: vault
              counts: unexplained-decrease
              asset: eip155:1/erc20:0x5fbdb2315678afecb367f032d93f642f64180aa3
              maximum: 5
              window: PT24H
            """);
    assertThat(problems.all()).isEmpty();
    assertThat(read.decisions()).extracting(Breaker::name).containsExactly("storm");
    assertThat(read.balances())
        .containsExactly(
            new BalanceBreaker(
                "drained",
                BreakerScope.WALLET,
                BalanceCount.DROP,
                new BreakerAsset.Any(),
                new BreakerMaximum.Share(BalanceShare.parse("30% of balance").orElseThrow()),
                Duration.ofDays(7)),
            new BalanceBreaker(
                "drop",
                BreakerScope.CHAIN,
                BalanceCount.DROP,
                new BreakerAsset.Native(),
                new BreakerMaximum.Amount(BigInteger.valueOf(2_000_000_000L)),
                Duration.ofHours(1)),
            new BalanceBreaker(
                "stolen",
                BreakerScope.VAULT,
                BalanceCount.UNEXPLAINED,
                new BreakerAsset.One(
                    AssetId.parse("eip155:1/erc20:0x5fbdb2315678afecb367f032d93f642f64180aa3")),
                new BreakerMaximum.Amount(BigInteger.valueOf(5)),
                Duration.ofDays(1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          asset: ether | breakers[0].asset | expected native, any, or the CAIP-19 id of a token
          asset: eip155:1/erc721:0x5fbdb2315678afecb367f032d93f642f64180aa3 | breakers[0].asset | expected native, any
          maximum: 5 | breakers[0].maximum | expected 0 for any asset
          maximum: 1 ether | breakers[0].maximum | expected 0 for any asset
          maximum: 101% of balance | breakers[0].maximum | expected 0 for any asset, or a part such as 30% of balance
          window: P8D | breakers[0].window | expected an ISO-8601 duration of whole seconds, from PT1S to P7D
          counts: unexplained-decrease | breakers[0].maximum | expected 0 for any asset
          per: wallet | breakers[0] | unknown key "per"
          """)
  void saysWhatIsWrongWithOneOnBalances(String line, String path, String message) {
    String key = line.substring(0, line.indexOf(':'));
    StringBuilder yaml = new StringBuilder("- {" + line);
    List.of(
            "name: b",
            "scope: wallet",
            "counts: balance-drop",
            "asset: any",
            "maximum: 5% of balance",
            "window: PT1M")
        .stream()
        .filter(usual -> !usual.startsWith(key + ":"))
        .forEach(usual -> yaml.append(", ").append(usual));
    readAll(yaml.append("}\n").toString());
    assertThat(problems.all())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo(path);
              assertThat(problem.message()).startsWith(message);
            });
  }

  @Test
  void readsWhatABreakerIs() {
    assertThat(
            read(
                """
                - name: too-many-signatures
                  scope: wallet
                  counts: signatures
                  maximum: 50
                  window: PT1M
                - {name: storm, scope: everything, counts: denials, maximum: 0, window: PT1S}
                - {name: outflow, scope: chain, counts: native-value, maximum: 25 ether, window: PT1H}
                """))
        .containsExactly(
            new Breaker(
                "too-many-signatures",
                BreakerScope.WALLET,
                BreakerCount.SIGNATURES,
                BigInteger.valueOf(50),
                Duration.ofMinutes(1)),
            new Breaker(
                "storm",
                BreakerScope.EVERYTHING,
                BreakerCount.DENIALS,
                BigInteger.ZERO,
                Duration.ofSeconds(1)),
            new Breaker(
                "outflow",
                BreakerScope.CHAIN,
                BreakerCount.NATIVE_VALUE,
                BigInteger.TEN.pow(18).multiply(BigInteger.valueOf(25)),
                Duration.ofHours(1)));
    assertThat(problems.all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: a b      | breakers[0].name     | expected 1 to 63 of a-z, 0-9 and -
          scope: key     | breakers[0].scope    | expected one of wallet, vault, chain, everything
          counts: gas    | breakers[0].counts   | expected one of signatures, denials, native-value
          maximum: -1    | breakers[0].maximum  | expected a whole number
          maximum: 1.5   | breakers[0].maximum  | expected a whole number
          maximum: 1 wei | breakers[0].maximum  | expected a whole number
          window: PT0S   | breakers[0].window   | expected an ISO-8601 duration of whole seconds
          window: PT0.5S | breakers[0].window   | expected an ISO-8601 duration of whole seconds
          window: PT2H   | breakers[0].window   | expected an ISO-8601 duration of whole seconds
          window: 1m     | breakers[0].window   | expected an ISO-8601 duration of whole seconds
          other: x       | breakers[0]          | unknown key "other"
          """)
  void saysWhatIsWrongAndWhere(String line, String path, String message) {
    String key = line.substring(0, line.indexOf(':'));
    StringBuilder yaml = new StringBuilder("- {" + line);
    List.of("name: b", "scope: wallet", "counts: signatures", "maximum: 5", "window: PT1M").stream()
        .filter(usual -> !usual.startsWith(key + ":"))
        .forEach(usual -> yaml.append(", ").append(usual));
    read(yaml.append("}\n").toString());
    assertThat(problems.all())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo(path);
              assertThat(problem.message()).startsWith(message);
            });
  }

  @Test
  void namesAreUniqueAndAllKeysAreNeeded() {
    String twice = "{name: b, scope: wallet, counts: denials, maximum: 5, window: PT1M}";
    assertThat(read("- " + twice + "\n- " + twice + "\n- {}\n")).hasSize(1);
    assertThat(problems.all())
        .extracting(Problem::path)
        .containsExactly(
            "breakers",
            "breakers[2].name",
            "breakers[2].scope",
            "breakers[2].counts",
            "breakers[2].window");
  }

  @Test
  void isAList() {
    assertThat(read("name: x\n")).isEmpty();
    assertThat(problems.all())
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("expected a list, got a mapping");
  }
}
