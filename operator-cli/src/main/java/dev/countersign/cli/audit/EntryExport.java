package dev.countersign.cli.audit;

import dev.countersign.api.v1.EntryFilter;
import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.api.v1.IndexedEntry;
import dev.countersign.api.v1.StreamEntriesRequest;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.MalformedEntryException;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ServerConnection;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;

/// Writes entries as one JSON object a line, with the checkpoint they are under: for programs that
/// read, count and compare. What proves them is a copy of the log, or their proofs.
final class EntryExport {
  static final String ENTRIES = "entries.ndjson";
  private static final String CHECKPOINT = "checkpoint";

  private final Path directory;

  /// @param directory made when missing; files of before are replaced
  EntryExport(Path directory) {
    this.directory = directory;
  }

  /// Writes what matches, as far as the newest checkpoint goes.
  ///
  /// @return how many entries
  long take(ServerConnection auditor, EntryFilter filter) {
    try {
      Files.createDirectories(directory);
      var draft = directory.resolve(ENTRIES + ".new");
      var question = StreamEntriesRequest.newBuilder().setFilter(filter).build();
      long entries = 0;
      try (Writer out = Files.newBufferedWriter(draft, StandardCharsets.UTF_8)) {
        var steps = auditor.auditWithoutEnd().streamEntries(question);
        while (steps.hasNext()) {
          var step = steps.next();
          if (step.hasEntry()) {
            out.write(line(step.getEntry()));
            out.write('\n');
            entries++;
          }
        }
      }
      var checkpoint = auditor.audit().getCheckpoint(GetCheckpointRequest.getDefaultInstance());
      var note = Files.writeString(directory.resolve(CHECKPOINT + ".new"), checkpoint.getNote());
      // Both are written before either counts: a full disk leaves what was there.
      publish(draft, ENTRIES);
      publish(note, CHECKPOINT);
      return entries;
    } catch (IOException e) {
      throw CommandException.unavailable(
          "cannot write entries to " + directory + ": " + e.getMessage(), e);
    }
  }

  private void publish(Path draft, String name) throws IOException {
    Files.move(
        draft,
        directory.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /// `{"index":…,"leafHash":"0x…","entry":{…}}`, the entry as it is hashed. One that cannot be read
  /// is `"unreadable"` in base64 in place of `"entry"`. The hash is computed here.
  static String line(IndexedEntry entry) {
    byte[] bytes = entry.getEntry().toByteArray();
    return "{\"index\":"
        + entry.getIndex()
        + ",\"leafHash\":\""
        + TreeHash.leaf(bytes).hex()
        + "\","
        + content(bytes)
        + "}";
  }

  private static String content(byte[] bytes) {
    try {
      EntryDecoder.decode(bytes);
      return "\"entry\":" + new String(bytes, StandardCharsets.UTF_8);
    } catch (MalformedEntryException e) {
      return "\"unreadable\":\"" + Base64.getEncoder().encodeToString(bytes) + '"';
    }
  }
}
