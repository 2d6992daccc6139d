package dev.countersign.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/// Whatever text an entry holds, it stays a text: in its cell of the page, and in its field of the
/// file.
class UntrustedTextPropertyTest {
  private static final Instant AT = Instant.parse("2026-11-22T18:41:00Z");
  private static final Pattern WRITTEN_OUT = Pattern.compile("\\\\(\\\\|\\{([0-9a-f]+)})");
  private static final Set<String> TAGS =
      Set.of(
          ("#root html head meta title style body section h1 h2 p b br code a dl dt dd div table"
                  + " thead tbody tr th td")
              .split(" "));
  private static final Set<String> ATTRIBUTES =
      Set.of("charset", "class", "content", "href", "http-equiv", "id", "lang", "name");

  private static @Nullable Path directory;

  @BeforeContainer
  static void begin() throws IOException {
    directory = Files.createTempDirectory("report-property");
  }

  @AfterContainer
  static void end() throws IOException {
    try (var files = Files.list(directory())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory());
  }

  private static Path directory() {
    if (directory == null) {
      throw new IllegalStateException("not begun");
    }
    return directory;
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.strings()
            .withChars("=+-@'\"`<>&;,|{}/\\\t\r\n\u0000\u001b\u202e\u2028\uff1d\ud800\udc00 a1")
            .ofMaxLength(12),
        Arbitraries.of(
            "</td><script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "--></style><svg onload=alert(1)>",
            "{{{self}}}",
            "{{#sections}}{{/sections}}",
            "&lt;b&gt;&#0;",
            "=HYPERLINK(\"http://example.com\")",
            "@SUM(1)",
            "'=1+1",
            "\\{202e}",
            "1\r\n2,3"));
  }

  private static List<Bytes> log(String name, String certificate, String reason) {
    return List.of(
        SampleReport.entry(
            AuditRecord.of(
                AT,
                new Actor(Actor.Kind.CLIENT, name, "none"),
                new AuditEvent.CallerRefused(certificate, reason))));
  }

  /// What an entry keeps of a text, as far as it is not cut.
  private static String kept(String text) {
    return text.codePoints()
        .mapToObj(p -> p >= 0xd800 && p <= 0xdfff ? "\ufffd" : Character.toString(p))
        .collect(Collectors.joining());
  }

  private static String readBack(String shown) {
    return WRITTEN_OUT
        .matcher(shown)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(2) == null
                        ? "\\"
                        : Character.toString(Integer.parseInt(match.group(2), 16))));
  }

  @Property(tries = 150)
  void staysAText(
      @ForAll("texts") String name,
      @ForAll("texts") String certificate,
      @ForAll("texts") String reason)
      throws IOException {
    SampleReport.make(directory(), SampleReport.NOVEMBER, log(name, certificate, reason));
    pageHasTheTextAndNothingElse(name, reason);
    fieldIsOneFieldOfOneLineAndNoFormula(name, reason);
  }

  private static void pageHasTheTextAndNothingElse(String name, String reason) throws IOException {
    Document page = Jsoup.parse(directory().resolve(ReportManifest.PAGE));
    assertThat(page.getAllElements()).extracting(Element::tagName).isSubsetOf(TAGS);
    assertThat(page.getAllElements())
        .flatExtracting(element -> element.attributes().asList())
        .extracting(Attribute::getKey)
        .isSubsetOf(ATTRIBUTES);
    assertThat(page.select("a[href]").eachAttr("href")).allMatch(link -> link.startsWith("#"));
    List<Element> cells = page.select("#refusals td");
    assertThat(cells).hasSize(Section.REFUSALS.columns().size());
    assertThat(readBack(cells.get(4).wholeText())).isEqualTo(kept(name));
    assertThat(readBack(cells.getLast().wholeText())).isEqualTo(kept(reason));
  }

  private static void fieldIsOneFieldOfOneLineAndNoFormula(String name, String reason)
      throws IOException {
    Path file = directory().resolve(Section.REFUSALS.file());
    List<NamedCsvRecord> rows;
    try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
      rows = reader.stream().toList();
    }
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().getFieldCount()).isEqualTo(Section.REFUSALS.columns().size());
    assertThat(rows.getFirst().getFields())
        .noneMatch(field -> !field.isEmpty() && "=+-@\t\r\n＝＋－＠".indexOf(field.charAt(0)) >= 0);
    assertThat(readBack(unguarded(rows.getFirst().getField("client")))).isEqualTo(kept(name));
    assertThat(readBack(unguarded(rows.getFirst().getField("reason")))).isEqualTo(kept(reason));
    String text = Files.readString(file, StandardCharsets.UTF_8);
    assertThat(text.chars().filter(c -> c < ' ' || c == 0x7f).count())
        .as("two lines, and no control characters but their ends")
        .isEqualTo(4);
  }

  private static String unguarded(String field) {
    return field.startsWith("'") ? field.substring(1) : field;
  }
}
