package dev.countersign.audit.report;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A section as a file: RFC 4180 in UTF-8, a header first, every field in quotes. A field never
/// begins with what makes a spreadsheet take it for a formula: a `'` goes before it.
final class SectionFile implements Closeable {
  /// As a spreadsheet may read them, the fullwidth forms included; and `'`, so that what was put
  /// before a field can be taken away again.
  private static final String GUARDED = "=+-@'\uff1d\uff0b\uff0d\uff20";

  private static final char GUARD = '\'';

  private final Section section;
  private final Path file;
  private final CsvWriter writer;
  private long rows;
  private boolean closed;

  /// @throws UncheckedIOException when it cannot be written
  SectionFile(Section section, Path directory) {
    this.section = section;
    this.file = directory.resolve(section.file());
    try {
      this.writer =
          CsvWriter.builder()
              .quoteStrategy(QuoteStrategies.ALWAYS)
              .lineDelimiter(LineDelimiter.CRLF)
              .build(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    writer.writeRecord(section.columns());
  }

  /// @param cells texts from outside, as many as there are columns
  void add(List<String> cells) {
    writer.writeRecord(cells.stream().map(CellText::shown).map(SectionFile::guarded).toList());
    rows++;
  }

  Section section() {
    return section;
  }

  long rows() {
    return rows;
  }

  /// What was written, once it is closed, without what guards it against spreadsheets; read as it
  /// is iterated. The caller closes the stream.
  Stream<List<String>> read() {
    try {
      CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file);
      return reader.stream()
          .skip(1)
          .map(line -> line.getFields().stream().map(SectionFile::bare).toList());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public void close() {
    if (closed) { // the library's writer would write to what is closed
      return;
    }
    closed = true;
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static String guarded(String cell) {
    return !cell.isEmpty() && GUARDED.indexOf(cell.charAt(0)) >= 0 ? GUARD + cell : cell;
  }

  private static String bare(String cell) {
    return !cell.isEmpty() && cell.charAt(0) == GUARD ? cell.substring(1) : cell;
  }
}
