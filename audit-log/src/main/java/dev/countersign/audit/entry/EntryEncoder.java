package dev.countersign.audit.entry;

import dev.countersign.audit.entry.Json.Fields;
import dev.countersign.audit.entry.Json.Text;
import dev.countersign.audit.entry.Json.Whole;
import dev.countersign.core.audit.AuditRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Gives each record its bytes, which are what the log hashes.
public final class EntryEncoder {
  /// The longest entry: its length is a `uint16` in the files of a log (C2SP tlog-tiles).
  public static final int LONGEST_ENTRY = 0xffff;

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private EntryEncoder() {}

  /// The same bytes for the same record, always; 1 to 65,535 of them. Never fails: what is too long
  /// is cut to its hash.
  public static byte[] encode(AuditRecord record) {
    EventFields event = EventFields.of(record);
    Map<String, Json> fields = new TreeMap<>();
    fields.put("actor", actor(record));
    fields.put("at", new Text(time(record.at())));
    fields.put("event", event.fields());
    record.request().ifPresent(id -> fields.put("request", new Text(id.toString())));
    record.requestDigest().ifPresent(d -> fields.put("requestDigest", new Text(d.hex())));
    fields.put("subject", Cut.text(event.subject()));
    fields.put("type", new Text(event.type().wireName()));
    fields.put("v", new Whole(event.type().versionOf(event.fields())));
    return new Fields(fields).canonical().getBytes(StandardCharsets.UTF_8);
  }

  private static Fields actor(AuditRecord record) {
    return new Fields(
        Map.of(
            "authentication", Cut.text(record.actor().authentication()),
            "kind", new Text(record.actor().kind().name().toLowerCase(Locale.ROOT)),
            "name", Cut.text(record.actor().name())));
  }

  /// RFC 3339 in UTC with six digits of a second; what is finer is dropped.
  static String time(Instant at) {
    return MICROS.format(at);
  }
}
