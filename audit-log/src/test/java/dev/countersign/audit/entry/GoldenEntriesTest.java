package dev.countersign.audit.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.audit.AuditEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What was logged once is hashed for good: these bytes never change. A new form is a new type or a
/// new version.
class GoldenEntriesTest {

  private static byte[] golden(String name) throws IOException {
    try (InputStream file =
        GoldenEntriesTest.class.getResourceAsStream("golden/" + name + ".json")) {
      return Objects.requireNonNull(file, "src/test/resources/.../golden/" + name + ".json")
          .readAllBytes();
    }
  }

  @TestFactory
  Stream<DynamicTest> theBytesOfEachExampleAreTheGoldenOnes() {
    return Examples.all().entrySet().stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.getKey(),
                    () ->
                        assertThat(
                                new String(
                                    EntryEncoder.encode(example.getValue()),
                                    StandardCharsets.UTF_8))
                            .isEqualTo(
                                new String(golden(example.getKey()), StandardCharsets.UTF_8))));
  }

  @Test
  void everyEventThatCanHappenHasAnExampleAndAType() {
    Set<Class<?>> events =
        Examples.all().values().stream()
            .map(record -> record.event().getClass())
            .collect(Collectors.toSet());
    assertThat(events).containsExactlyInAnyOrder(AuditEvent.class.getPermittedSubclasses());
    assertThat(EntryType.values()).hasSameSizeAs(AuditEvent.class.getPermittedSubclasses());
  }

  @Test
  void theGoldenBytesAreCanonicalByTheReferenceImplementation() throws IOException {
    for (String name : Examples.all().keySet()) {
      byte[] bytes = golden(name);
      assertThat(new JsonCanonicalizer(bytes).getEncodedUTF8()).as(name).isEqualTo(bytes);
    }
  }

  @Test
  void everyGoldenEntryReadsBack() throws IOException {
    for (Map.Entry<String, ?> example : Examples.all().entrySet()) {
      LogEntry entry = EntryDecoder.decode(golden(example.getKey()));
      assertThat(example.getKey()).startsWith(entry.type());
      assertThat(entry.actorName())
          .isIn(
              "trading-desk",
              "unknown",
              "pipeline",
              "policy",
              "server",
              "audit_owner",
              "balances",
              "tracker");
    }
  }

  @Test
  void everyFormerVersionIsStillRead() throws IOException {
    Map<String, Integer> former =
        Map.of(
            "v1/request-admitted-native", 10,
            "v1/request-admitted-erc20", 11,
            "v1/request-admitted-call", 11,
            "v1/request-admitted-long-call", 11,
            "v1/server-started", 2);
    for (String name : former.keySet()) {
      byte[] bytes = golden(name);
      assertThat(new JsonCanonicalizer(bytes).getEncodedUTF8()).as(name).isEqualTo(bytes);
      LogEntry entry = EntryDecoder.decode(bytes);
      assertThat(name).startsWith("v1/" + entry.type());
      assertThat(entry.details()).as(name).hasSize(Objects.requireNonNull(former.get(name)));
    }
  }

  @Test
  void theTypesHaveTheNamesOfTheFormat() {
    assertThat(Arrays.stream(EntryType.values()).map(EntryType::wireName))
        .containsExactly(
            "request-admitted",
            "request-denied",
            "judging-failed",
            "request-held",
            "approval-given",
            "request-expired",
            "request-rejected",
            "request-withdrawn",
            "request-refused",
            "caller-refused",
            "transaction-signed",
            "transaction-broadcast",
            "transaction-unmined",
            "transaction-confirmed",
            "request-failed",
            "vault-created",
            "key-created",
            "wallet-created",
            "policy-activated",
            "server-started",
            "server-stopped",
            "checkpoint-key-changed",
            "log-continued",
            "entries-archived",
            "scope-frozen",
            "scope-thawed",
            "policy-proposed",
            "policy-approved",
            "policy-rejected",
            "policy-proposal-ended",
            "balance-unexplained",
            "message-admitted",
            "message-signed",
            "transaction-replacement-permitted",
            "transaction-replacement-denied",
            "transaction-replacement-dropped",
            "foreign-transaction",
            "lane-resumed",
            "transaction-routed-privately",
            "transaction-made-public",
            "token-issued",
            "token-revoked");
  }
}
