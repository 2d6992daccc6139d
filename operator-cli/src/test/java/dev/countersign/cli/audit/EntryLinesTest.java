package dev.countersign.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.IndexedEntry;
import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.cli.CommandException;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EntryLinesTest {
  private static final Instant AT = Instant.parse("2026-11-22T18:41:00Z");

  private static IndexedEntry entry(byte[] bytes) {
    return IndexedEntry.newBuilder().setIndex(7).setEntry(ByteString.copyFrom(bytes)).build();
  }

  private static IndexedEntry refused(String reason) {
    return entry(
        EntryEncoder.encode(
            AuditRecord.of(
                AT,
                new Actor(Actor.Kind.CLIENT, "unknown", "none"),
                new AuditEvent.CallerRefused("", reason))));
  }

  @Test
  void anEntryIsALineWithItsFieldsBelow() {
    assertThat(EntryLines.TEXT.of(refused("no certificate")).lines())
        .containsExactly(
            "7  2026-11-22T18:41:00Z  caller-refused  by client unknown  certificate:none",
            "    certificate ",
            "    reason no certificate");
  }

  @Test
  void aValueCannotLookLikeAnotherEntryOrMoveTheCursor() {
    String lines = EntryLines.TEXT.of(refused("no\n8  forged\u001b[2J"));
    assertThat(lines).endsWith("    reason no\\{a}8  forged\\{1b}[2J");
    assertThat(lines.lines()).hasSize(3);
    assertThat(EntryLines.TEXT.of(refused("a\u009b2Jb\u007f\u202ec")))
        .endsWith("    reason a\\{9b}2Jb\\{7f}\\{202e}c");
  }

  @Test
  void whatCannotBeReadIsShownAsItIs() {
    assertThat(EntryLines.TEXT.of(entry("{}\n".getBytes(StandardCharsets.UTF_8))))
        .startsWith("7  cannot be read (")
        .endsWith(": {}\\{a}");
  }

  @Test
  void aLineOfAnExportHasTheHashThatIsInTheTree() {
    IndexedEntry entry = refused("no certificate");
    assertThat(EntryExport.line(entry))
        .startsWith("{\"index\":7,\"leafHash\":\"0x")
        .endsWith(",\"entry\":" + entry.getEntry().toStringUtf8() + "}");
    assertThat(EntryExport.line(entry(new byte[] {1})))
        .isEqualTo(
            "{\"index\":7,\"leafHash\":"
                + "\"0xb413f47d13ee2fe6c845b2ee141af81de858df4ec549a58b7970bb96645bc8d2\","
                + "\"unreadable\":\"AQ==\"}");
  }

  @Test
  void aDayIsItsFirstMomentInUtc() {
    assertThat(UtcTime.parse("--since", "2026-11-22")).isEqualTo("2026-11-22T00:00:00Z");
    assertThat(UtcTime.parse("--since", "2026-11-22T18:41:00Z")).isEqualTo(AT);
    assertThatThrownBy(() -> UtcTime.parse("--since", "yesterday"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("--since is yesterday, expected a day");
  }
}
