package dev.countersign.server.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// `docs/AUDIT_EVENTS.md`, as it is for people.
///
/// @param rows of all its tables
record AuditEventsTable(List<Row> rows) {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([^`]+)` \\| ([^|]*) \\| ?([^|]*)\\|$", Pattern.MULTILINE);
  private static final Pattern TYPE = Pattern.compile("`([a-z-]+)`");
  private static final Pattern SECTION = Pattern.compile("^## ", Pattern.MULTILINE);
  private static final String NONE = "none";

  /// One row.
  ///
  /// @param section the heading above it
  /// @param entry what stands in the second column
  record Row(String section, String what, String entry, String notes) {

    boolean isUnlogged() {
      return entry.equals(NONE);
    }

    List<String> types() {
      return TYPE.matcher(entry).results().map(match -> match.group(1)).toList();
    }

    /// Whether the second column is either a list of types, or `none` with a reason.
    boolean isWellFormed() {
      return isUnlogged()
          ? !notes.isBlank()
          : !types().isEmpty()
              && entry.equals(String.join(", ", types().stream().map(t -> "`" + t + "`").toList()));
    }
  }

  static AuditEventsTable read() throws IOException {
    String text = Files.readString(Path.of("..", "docs", "AUDIT_EVENTS.md"));
    List<Row> rows = new ArrayList<>();
    for (String section : SECTION.split(text, -1)) {
      String title = section.lines().findFirst().orElse("");
      for (MatchResult row : ROW.matcher(section).results().toList()) {
        rows.add(new Row(title, row.group(1), row.group(2).strip(), row.group(3).strip()));
      }
    }
    return new AuditEventsTable(List.copyOf(rows));
  }

  List<String> whats(String section) {
    return rows.stream().filter(row -> row.section().equals(section)).map(Row::what).toList();
  }
}
