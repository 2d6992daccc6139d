package dev.countersign.audit.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryDecoderTest {

  private static String example(String name) {
    return new String(
        EntryEncoder.encode(Objects.requireNonNull(Examples.all().get(name))),
        StandardCharsets.UTF_8);
  }

  private static LogEntry decode(String json) {
    return EntryDecoder.decode(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void showsAllThatAnEntrySays() {
    LogEntry entry = decode(example("request-admitted-erc20"));
    assertThat(entry.at()).isEqualTo(Instant.parse("2026-11-22T18:41:00.123456Z"));
    assertThat(entry.type()).isEqualTo("request-admitted");
    assertThat(entry.actorKind()).isEqualTo("client");
    assertThat(entry.actorName()).isEqualTo("trading-desk");
    assertThat(entry.authentication()).startsWith("mtls:sha256:abab");
    assertThat(entry.subject()).isEqualTo("wallet:hot-1");
    assertThat(entry.request()).contains("019bd3a4-5c00-7000-8000-000000000001");
    assertThat(entry.requestDigest()).contains("0x" + "d1".repeat(32));
    assertThat(entry.details())
        .contains(
            entry("chain", "eip155:31337"),
            entry("intent.kind", "erc20-transfer"),
            entry("intent.to", "0x70997970c51812dc3a010c7d01b50e0d17dc79c8"),
            entry("policy.number", "7"),
            entry("nonce", "17"));
  }

  @Test
  void showsRulesByTheirPosition() {
    assertThat(decode(example("request-denied")).details())
        .contains(
            entry("outcomes[0].rule", "no-strangers"),
            entry("outcomes[1].unmet.observed", "1000000000000000000"));
  }

  @Test
  void saysWhereSomethingWasCut() {
    assertThat(decode(example("request-admitted-long-call")).details().get("intent.data"))
        .startsWith("(cut) {\"bytes\":65536,\"selector\":\"0x00010203\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"v\":2 | \"v\":3 | version 3 of \"server-started\" is not known",
        "\"v\":2 | \"v\":0 | version 0 of \"server-started\" is not known",
        "\"v\":2 | \"v\":1 | other fields",
        "\"v\":2 | \"v\":\"1\" | says its version",
        "\"v\":2 | \"v\":1.0 | no entry has a",
        "\"v\":2 | \"v\":99999999999999999999 | not JSON",
        "\"v\":2 | \"v\":9007199254740993 | as large as",
        "\"v\":2 | \"v\":2 , \"w\":1 | canonical",
        "\"v\":2 | \"v\":2,\"w\":1 | not known: [w]",
        "\"v\":2 | \"v\":2,\"v\":1 | not JSON",
        "\"v\":2 | \"v\":null | no entry has a",
        "\"type\":\"server-started\", | '' | missing: [type]",
        "\"type\":\"server-started\" | \"type\":\"server-paused\" | type \"server-paused\"",
        "\"type\":\"server-started\" | \"type\":\"vault-created\" | version 2 of",
        "\"version\":\"0.1.0\" | \"version\":7 | other fields",
        "\"version\":\"0.1.0\" | \"xersion\":\"0.1.0\" | other fields",
        "\"kind\":\"system\" | \"kind\":\"nobody\" | actor",
        "18:41:00.000000Z | 18:41:00Z | RFC 3339",
        "18:41:00.000000Z | 18:41:00.000000+01:00 | RFC 3339",
        "18:41:00.000000Z | 18:61:00.000000Z | RFC 3339",
        "server-started | server\\u002dstarted | canonical"
      })
  void refusesWhatNoEncoderMakes(String part, String other, String why) {
    String good = example("server-started");
    assertThat(good).contains(part);
    String bad = good.replace(part, other);
    assertThatThrownBy(() -> decode(bad))
        .isInstanceOf(MalformedEntryException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"request\":\"019bd3a4 | \"request\":\"019BD3A4",
        "\"requestDigest\":\"0xd1 | \"requestDigest\":\"0x",
        "\"nonce\":\"17\" | \"nonce\":\"017\"",
        "\"nonce\":\"17\" | \"nonce\":17",
        "\"signingDigest\":\"0x51 | \"signingDigest\":\"0xg1",
        "\"kind\":\"native-transfer\" | \"kind\":\"theft\"",
        "\"to\":\"0x70 | \"to\":\"0x",
        "\"number\":\"7\" | \"number\":\"-7\"",
        "\"subject\":\"wallet:hot-1\" | \"subject\":true"
      })
  void refusesFieldsOutOfShape(String part, String other) {
    String good = example("request-admitted-native");
    assertThat(good).contains(part);
    assertThatThrownBy(() -> decode(good.replace(part, other)))
        .isInstanceOf(MalformedEntryException.class);
  }

  @Test
  void refusesWhatIsNoJsonObject() {
    for (String bad :
        new String[] {
          "", " ", "[]", "\"\"", "{", "{}", "{}{}", "nul", "[".repeat(50), "\ufeff{}"
        }) {
      assertThatThrownBy(() -> decode(bad)).as(bad).isInstanceOf(MalformedEntryException.class);
    }
    assertThatThrownBy(() -> EntryDecoder.decode(new byte[65_536]))
        .hasMessage("an entry has at most 65535 bytes, this has 65536");
  }
}
