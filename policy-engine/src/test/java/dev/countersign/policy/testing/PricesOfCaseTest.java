package dev.countersign.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.sample.PriceSamples;
import dev.countersign.policy.sample.Samples;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PricesOfCaseTest {
  private static final String POLICY =
      PriceSamples.allowing(
          "limits: [{name: day, maximum: 250000 USD, counts: [value], window: PT24H}]");
  private static final String HEAD =
      """
      format: countersign/policy-test/v1
      policy: policy.yaml
      wallets: { hot-1: "0x27b1fdb04752bbc536007a920d24acb045561c26" }
      addresses: { bob: "0x1111111111111111111111111111111111111111" }
      cases:
        - name: it
          initiator: desk
          wallet: hot-1
          chain: "eip155:1"
          to: bob
          value: 1 ether
          expect: ALLOW
      """;
  private static final String PRICE = "feed: feed-a, asset: native, currency: USD, price: 2500";

  @TempDir private Path directory;

  private PolicyTestFile.Reading read(String policy, String lines) throws IOException {
    Files.writeString(directory.resolve("policy.yaml"), policy);
    return PolicyTestReader.read(
        Files.writeString(directory.resolve("test.yaml"), HEAD + lines.indent(4)));
  }

  private PolicyTestFile file(String lines) throws IOException {
    return switch (read(POLICY, lines)) {
      case PolicyTestFile.Reading.Valid valid -> valid.file();
      case PolicyTestFile.Reading.Invalid invalid -> throw new AssertionError(invalid.text());
    };
  }

  private String wrong(String policy, String lines) throws IOException {
    return switch (read(policy, lines)) {
      case PolicyTestFile.Reading.Valid valid -> throw new AssertionError("taken: " + valid);
      case PolicyTestFile.Reading.Invalid invalid -> invalid.text();
    };
  }

  private String wrong(String price) throws IOException {
    return wrong(POLICY, "prices: [{" + price + "}]");
  }

  private boolean isExpected(String lines) throws IOException {
    PolicyTestFile file = file(lines);
    return CaseResult.of(file.policy(), file.cases().getFirst()).isExpected();
  }

  @Test
  void areDatedByTheTimeOfTheCase() throws IOException {
    SignedPrice price =
        file("at: 2026-11-02T09:00:00Z\nprices: [{" + PRICE + ", age: PT2M}]")
            .cases()
            .getFirst()
            .subject()
            .prices()
            .getFirst();
    assertThat(price.statement().asOf()).isEqualTo(Instant.parse("2026-11-02T08:58:00Z"));
    assertThat(price.statement().decimals()).isEqualTo(18);
    assertThat(isExpected("prices: [{" + PRICE + ", age: PT5M}]")).isTrue();
    assertThat(isExpected("prices: [{" + PRICE + ", age: PT5M1S}]")).isFalse();
  }

  @Test
  void whatALimitHoldsIsInItsCurrency() throws IOException {
    PolicyCase held =
        file("spent: {pay/day: 247500 USD}\nprices: [{" + PRICE + "}]").cases().getFirst();
    assertThat(held.spent().get("pay/day"))
        .isEqualTo(BigInteger.valueOf(247_500).multiply(BigInteger.TEN.pow(18)));
    assertThat(isExpected("spent: {pay/day: 247500 USD}\nprices: [{" + PRICE + "}]")).isTrue();
    assertThat(isExpected("spent: {pay/day: 247500.01 USD}\nprices: [{" + PRICE + "}]")).isFalse();
    assertThat(wrong(POLICY, "spent: {pay/day: 5 EUR}"))
        .contains("cases[0].spent.pay/day: expected an amount of USD");
  }

  @Test
  void sayWhatIsWrong() throws IOException {
    assertThat(wrong(PRICE.replace("feed-a", "feed-z"))).contains("did you mean feed-a?");
    assertThat(wrong(PRICE.replace("feed: feed-a, ", "")))
        .contains("cases[0].prices[0].feed: is missing, expected one of the policy's feeds");
    assertThat(wrong(PRICE.replace("native", "eip155:1/erc20:" + "0x" + "11".repeat(20))))
        .contains("cases[0].prices[0].decimals: is missing");
    assertThat(wrong(PRICE.replace("2500", "2500.0")))
        .contains("cases[0].prices[0].price: expected a number above 0");
    assertThat(wrong(PRICE.replace("USD", "usd"))).contains("3 to 5 capital letters");
    assertThat(wrong(PRICE + ", aged: PT1M")).contains("did you mean age?");
    assertThat(wrong(PRICE + ", decimals: 6")).contains("18, which every native asset has");
    assertThat(wrong(POLICY, "prices: {native: 2500}"))
        .contains("cases[0].prices: expected a list of prices");
    String without = Samples.allowing();
    assertThat(wrong(without, "prices: [{" + PRICE + "}]"))
        .contains("the policy has no `prices`, and names no feed");
  }
}
