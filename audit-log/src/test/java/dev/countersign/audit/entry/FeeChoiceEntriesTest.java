package dev.countersign.audit.entry;

import static dev.countersign.audit.entry.ExampleVariants.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.FeeChoice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

/// Entries about requests that say how their fees are found.
class FeeChoiceEntriesTest {
  private static final Optional<FeeChoice.ByMarket> URGENT =
      Optional.of(FeeChoice.ByMarket.parse("urgent/30000000000/-"));

  private static AuditRecord admitted(Optional<FeeChoice.ByMarket> fees) {
    return ExampleVariants.admitted(UnaryOperator.identity(), fees);
  }

  private static AuditRecord held(Optional<FeeChoice.ByMarket> fees) {
    AuditRecord record = example("request-held");
    var event = (AuditEvent.RequestHeld) record.event();
    return ExampleVariants.with(
        record,
        new AuditEvent.RequestHeld(
            event.wallet(),
            event.chain(),
            event.intent(),
            event.policy(),
            event.rules(),
            event.waitsFor(),
            event.until(),
            event.reason(),
            fees));
  }

  @Test
  void showTheStrategyAndTheCapInTheNextVersion() throws IOException {
    for (AuditRecord record : new AuditRecord[] {admitted(URGENT), held(URGENT)}) {
      byte[] entry = EntryEncoder.encode(record);
      String version = record.event() instanceof AuditEvent.RequestHeld ? "2" : "3";
      assertThat(new String(entry, StandardCharsets.UTF_8))
          .contains("\"fees\":\"urgent/30000000000/-\"")
          .endsWith("\"v\":" + version + "}");
      assertThat(new JsonCanonicalizer(entry).getEncodedUTF8()).isEqualTo(entry);
      assertThat(EntryDecoder.decode(entry).details())
          .contains(entry("fees", "urgent/30000000000/-"));
    }
  }

  @Test
  void areAsTheyWereWithoutAChoice() {
    assertThat(EntryEncoder.encode(admitted(Optional.empty())))
        .isEqualTo(EntryEncoder.encode(example("request-admitted-native")));
    assertThat(EntryEncoder.encode(held(Optional.empty())))
        .isEqualTo(EntryEncoder.encode(example("request-held")));
    assertThat(new String(EntryEncoder.encode(admitted(Optional.empty())), StandardCharsets.UTF_8))
        .endsWith("\"v\":2}");
  }

  @Test
  void areNotReadUnderAVersionThatHasNoFees() {
    String entry =
        new String(EntryEncoder.encode(held(URGENT)), StandardCharsets.UTF_8)
            .replace("\"v\":2}", "\"v\":1}");
    assertThatThrownBy(() -> EntryDecoder.decode(entry.getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("request-held");
  }
}
