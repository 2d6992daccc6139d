package dev.countersign.cli.audit;

import dev.countersign.api.v1.IndexedEntry;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.LogEntry;
import dev.countersign.audit.entry.MalformedEntryException;
import dev.countersign.cli.CommandException;
import dev.countersign.core.model.Bytes;
import java.util.stream.Collectors;

/// Entries as lines of text.
enum EntryLines {
  /// For people: place, time, type, who, what it happened to, and the fields of the event.
  TEXT {
    @Override
    String of(IndexedEntry entry) {
      try {
        LogEntry read = EntryDecoder.decode(entry.getEntry().toByteArray());
        return "%d  %s  %s  by %s %s  %s%s"
            .formatted(
                entry.getIndex(),
                read.at(),
                read.type(),
                read.actorKind(),
                LogWords.text(read.actorName()),
                LogWords.text(read.subject()),
                read.details().entrySet().stream()
                    .map(
                        detail ->
                            "\n    " + detail.getKey() + " " + LogWords.text(detail.getValue()))
                    .collect(Collectors.joining()));
      } catch (MalformedEntryException e) {
        return "%d  cannot be read (%s): %s"
            .formatted(
                entry.getIndex(),
                e.getMessage(),
                LogWords.text(Bytes.of(entry.getEntry().toByteArray())));
      }
    }
  },
  /// For programs: the entry's own JSON, which is one line.
  JSON {
    @Override
    String of(IndexedEntry entry) {
      return LogWords.text(Bytes.of(entry.getEntry().toByteArray()));
    }
  };

  abstract String of(IndexedEntry entry);

  static EntryLines named(String name) {
    return switch (name) {
      case "text" -> TEXT;
      case "json" -> JSON;
      default -> throw CommandException.usage("--output is " + name + ", expected text or json");
    };
  }
}
