package dev.countersign.audit.report;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The first place where a report is not what the log makes.
///
/// @param file the name
/// @param at the first byte that differs, from 0 on
/// @param line that it is in, from 1 on
/// @param given what the report has there
/// @param made what the log makes
public record ReportDifference(String file, long at, long line, String given, String made) {
  private static final int BEFORE = 40;
  private static final int LENGTH = 120;

  /// Compares a report with the same report made again.
  ///
  /// @param again where it was made again
  /// @return nothing when all bytes are the same
  /// @throws UncheckedIOException when a file cannot be read
  public static Optional<ReportDifference> first(Path report, Path again) {
    for (String name : ReportManifest.names()) {
      Path given = report.resolve(name);
      Path made = again.resolve(name);
      try {
        long at = Files.mismatch(given, made);
        if (at >= 0) {
          return Optional.of(
              new ReportDifference(name, at, line(given, at), text(given, at), text(made, at)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot compare " + given + " with " + made, e);
      }
    }
    return Optional.empty();
  }

  private static long line(Path file, long at) throws IOException {
    long line = 1;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (long i = 0; i < at; i++) {
        if (in.read() == '\n') {
          line++;
        }
      }
    }
    return line;
  }

  private static String text(Path file, long at) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(Math.max(0, at - BEFORE));
      String text = new String(in.readNBytes(LENGTH), StandardCharsets.UTF_8);
      return text.isEmpty() ? "(the end)" : CellText.shown(text);
    }
  }

  /// For people.
  public String message() {
    return "%s, line %d, from byte %d on%n  report: %s%n  log:    %s"
        .formatted(file, line, at, given, made);
  }
}
