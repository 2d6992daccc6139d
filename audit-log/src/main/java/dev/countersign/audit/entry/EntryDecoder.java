package dev.countersign.audit.entry;

import dev.countersign.audit.entry.Json.Fields;
import dev.countersign.audit.entry.Json.Flag;
import dev.countersign.audit.entry.Json.Items;
import dev.countersign.audit.entry.Json.Text;
import dev.countersign.audit.entry.Json.Whole;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// Reads entries back. Strict: takes exactly the bytes that [EntryEncoder] can have made.
public final class EntryDecoder {
  private static final Set<String> REQUIRED =
      Set.of("actor", "at", "event", "subject", "type", "v");
  private static final Set<String> OPTIONAL = Set.of("request", "requestDigest");
  private static final Map<String, Shape> ACTOR =
      Map.of("authentication", Shape.TEXT, "kind", Shape.TEXT, "name", Shape.TEXT);
  private static final Set<String> KINDS = Set.of("client", "system", "operator");

  private EntryDecoder() {}

  /// The names of all types that are known here, in the order of the format.
  public static List<String> types() {
    return Arrays.stream(EntryType.values()).map(EntryType::wireName).toList();
  }

  /// @throws MalformedEntryException when the bytes are not canonical JSON, or not an entry of a
  ///     type and a version of it that are known here
  public static LogEntry decode(byte[] bytes) {
    if (bytes.length > EntryEncoder.LONGEST_ENTRY) {
      throw new MalformedEntryException(
          "an entry has at most 65535 bytes, this has " + bytes.length);
    }
    Json json = JsonReader.read(bytes);
    if (!(json instanceof Fields(var fields))) {
      throw new MalformedEntryException("an entry is a JSON object");
    }
    if (!(fields.get("v") instanceof Whole(long version))) {
      throw new MalformedEntryException("an entry says its version in \"v\"");
    }
    if (!Arrays.equals(json.canonical().getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new MalformedEntryException("the JSON is not in canonical form (RFC 8785)");
    }
    checkKeys(fields.keySet());
    return entry(fields, version);
  }

  private static void checkKeys(Set<String> keys) {
    Set<String> missing = new TreeSet<>(REQUIRED);
    missing.removeAll(keys);
    Set<String> unknown = new TreeSet<>(keys);
    unknown.removeAll(REQUIRED);
    unknown.removeAll(OPTIONAL);
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new MalformedEntryException(
          "fields missing: %s, not known: %s".formatted(missing, unknown));
    }
  }

  private static LogEntry entry(SortedMap<String, Json> fields, long version) {
    String typeName = string(fields, "type");
    EntryType type =
        EntryType.named(typeName)
            .orElseThrow(
                () ->
                    new MalformedEntryException(
                        "type \"%s\" is not known here: use a newer verifier".formatted(typeName)));
    if (version < 1 || version > type.version()) {
      throw new MalformedEntryException(
          "version %d of \"%s\" is not known here, only 1 to %d: use a newer verifier"
              .formatted(version, typeName, type.version()));
    }
    Json event = field(fields, "event");
    if (!type.accepts((int) version, event)) {
      throw new MalformedEntryException(
          "the event of a \"%s\" has other fields than it should".formatted(typeName));
    }
    Json actor = field(fields, "actor");
    if (!Shape.isExactly(actor, ACTOR)
        || !(actor instanceof Fields(var by))
        || !KINDS.contains(string(by, "kind"))) {
      throw new MalformedEntryException("the actor has other fields than it should");
    }
    if (!Shape.TEXT.accepts(field(fields, "subject"))) {
      throw new MalformedEntryException("\"subject\" is no text");
    }
    TreeMap<String, String> details = new TreeMap<>();
    flatten("", event, details);
    return new LogEntry(
        time(string(fields, "at")),
        typeName,
        string(by, "kind"),
        shown(field(by, "name")),
        shown(field(by, "authentication")),
        shown(field(fields, "subject")),
        request(fields),
        requestDigest(fields),
        details);
  }

  private static Instant time(String text) {
    try {
      Instant at = Instant.parse(text);
      if (EntryEncoder.time(at).equals(text)) {
        return at;
      }
    } catch (DateTimeParseException e) {
      // said below
    }
    throw new MalformedEntryException(
        "a time is RFC 3339 in UTC with six digits of a second, not \"%s\"".formatted(text));
  }

  private static Optional<String> request(SortedMap<String, Json> fields) {
    if (!fields.containsKey("request")) {
      return Optional.empty();
    }
    String id = string(fields, "request");
    try {
      if (UUID.fromString(id).toString().equals(id)) {
        return Optional.of(id);
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new MalformedEntryException("a request is named by a UUID, not \"%s\"".formatted(id));
  }

  private static Optional<String> requestDigest(SortedMap<String, Json> fields) {
    if (!fields.containsKey("requestDigest")) {
      return Optional.empty();
    }
    if (!Shape.HASH.accepts(field(fields, "requestDigest"))) {
      throw new MalformedEntryException("\"requestDigest\" is no 32-byte hash in hex");
    }
    return Optional.of(string(fields, "requestDigest"));
  }

  private static void flatten(String path, Json json, SortedMap<String, String> details) {
    switch (json) {
      case Fields(var values) when values.containsKey("sha256") -> details.put(path, shown(json));
      case Fields(var values) ->
          values.forEach(
              (key, value) -> flatten(path.isEmpty() ? key : path + "." + key, value, details));
      case Items(List<Json> values) -> {
        for (int i = 0; i < values.size(); i++) {
          flatten(path + "[" + i + "]", values.get(i), details);
        }
      }
      case Text _, Whole _, Flag _ -> details.put(path, shown(json));
    }
  }

  /// A value for people; one that was cut says how long it was.
  private static String shown(Json json) {
    return switch (json) {
      case Text(String value) -> value;
      case Whole(long value) -> Long.toString(value);
      case Flag(boolean value) -> Boolean.toString(value);
      case Items items -> items.canonical();
      case Fields cut -> "(cut) " + cut.canonical();
    };
  }

  private static String string(SortedMap<String, Json> fields, String key) {
    if (field(fields, key) instanceof Text(String value)) {
      return value;
    }
    throw new MalformedEntryException("\"%s\" is no string".formatted(key));
  }

  private static Json field(SortedMap<String, Json> fields, String key) {
    Json value = fields.get(key);
    if (value == null) {
      throw new MalformedEntryException("\"%s\" is missing".formatted(key));
    }
    return value;
  }
}
