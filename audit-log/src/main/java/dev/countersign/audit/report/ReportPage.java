package dev.countersign.audit.report;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import dev.countersign.audit.checkpoint.CanonicalBase64;
import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/// The report as one HTML file for people: to be read, printed and kept. It has no script and loads
/// nothing; the template's engine escapes every value.
final class ReportPage {
  /// The most rows of a section on the page; the section's file has all of them.
  static final int MOST_ROWS = 10_000;

  private static final String TEMPLATE = "dev/countersign/audit/report/report.mustache";

  private final Facts facts;

  /// What the page is about.
  ///
  /// @param newest the time of the log's newest entry
  /// @param types how many entries of the period there are by type
  record Facts(
      Checkpoint checkpoint,
      VerifierKey log,
      Period period,
      Optional<Instant> newest,
      SortedMap<String, Long> types) {}

  ReportPage(Facts facts) {
    this.facts = facts;
  }

  /// @param sections closed, in the order of the page
  /// @throws UncheckedIOException when a file of a section cannot be read
  void write(Path file, List<SectionFile> sections) throws IOException {
    Mustache template = new DefaultMustacheFactory().compile(TEMPLATE);
    try (Writer page = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      Map<String, Object> values = values();
      values.put("sections", sections.stream().map(ReportPage::section).toList());
      template.execute(page, values);
    }
  }

  private Map<String, Object> values() {
    Period period = facts.period();
    boolean over = facts.newest().filter(newest -> !newest.isBefore(period.to())).isPresent();
    Map<String, Object> values = new HashMap<>();
    values.put("format", ReportManifest.FORMAT);
    values.put("origin", facts.checkpoint().origin());
    values.put("size", Long.toString(facts.checkpoint().treeSize()));
    values.put("root", CanonicalBase64.encode(facts.checkpoint().root().bytes()));
    values.put("rootHex", facts.checkpoint().root().hex());
    values.put("key", facts.log().toString());
    values.put("from", period.from().toString());
    values.put("to", period.to().toString());
    values.put("newest", facts.newest().map(SectionRows::time).orElse("none"));
    values.put("notOver", !over);
    values.put(
        "entries", Long.toString(facts.types().values().stream().mapToLong(Long::longValue).sum()));
    values.put(
        "types",
        facts.types().entrySet().stream()
            .map(type -> Map.of("type", type.getKey(), "count", type.getValue().toString()))
            .toList());
    return values;
  }

  private static Map<String, Object> section(SectionFile file) {
    Section section = file.section();
    Map<String, Object> values = new HashMap<>();
    values.put("id", section.file().replace(".csv", ""));
    values.put("file", section.file());
    values.put("title", section.title());
    values.put("about", section.about());
    values.put("count", Long.toString(file.rows()));
    values.put("some", file.rows() > 0);
    values.put("cut", file.rows() > MOST_ROWS);
    values.put("most", Integer.toString(MOST_ROWS));
    values.put(
        "columns", section.columns().stream().map(column -> column.replace('_', ' ')).toList());
    values.put("rows", (Iterable<Map<String, Object>>) () -> rows(file).iterator());
    return values;
  }

  /// Read when the template comes to them, so that one section's are in memory at a time.
  private static List<Map<String, Object>> rows(SectionFile file) {
    try (Stream<List<String>> rows = file.read()) {
      return rows.limit(MOST_ROWS).map(cells -> Map.<String, Object>of("cells", cells)).toList();
    }
  }
}
