package dev.countersign.audit.report;

import dev.countersign.audit.checkpoint.CanonicalBase64;
import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedText;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a report is of, and which bytes it has: the text that its maker signs.
///
/// @param log the key that the log was verified with
/// @param checkpoint of the log that the report was made from
/// @param files by their names; all that a report has but the manifest itself
public record ReportManifest(
    VerifierKey log, Checkpoint checkpoint, Period period, SortedMap<String, FileDigest> files) {
  /// The name of the file with the signed manifest.
  public static final String FILE = "manifest";

  /// The name of the file with the log's signed checkpoint.
  public static final String CHECKPOINT = "checkpoint";

  /// The name of the page for people.
  public static final String PAGE = "report.html";

  /// The format of reports that is made and understood here. It changes when the same log, period
  /// and checkpoint come to give other bytes.
  static final String FORMAT = "countersign-audit-report/v4";

  private static final Pattern FILE_LINE =
      Pattern.compile("file ([0-9a-f]{64}) (0|[1-9][0-9]{0,17}) ([a-z.-]+)");
  private static final int HEAD = 6;

  public ReportManifest {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    if (!files.keySet().equals(names())) {
      throw new InvalidNoteException(
          "the files of a report%n  expected: %s%n  got:      %s"
              .formatted(names(), files.keySet()));
    }
    if (!checkpoint.origin().equals(log.name())) {
      throw new InvalidNoteException(
          "the log of a report%n  expected: %s%n  got:      %s"
              .formatted(log.name(), checkpoint.origin()));
    }
  }

  /// The names of all files of a report but [#FILE].
  public static SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(List.of(CHECKPOINT, PAGE));
    for (Section section : Section.values()) {
      names.add(section.file());
    }
    return names;
  }

  /// Of the files as they are.
  static ReportManifest of(Path directory, Checkpoint checkpoint, VerifierKey log, Period period)
      throws IOException {
    SortedMap<String, FileDigest> files = new TreeMap<>();
    for (String name : names()) {
      files.put(name, FileDigest.of(directory.resolve(name)));
    }
    return new ReportManifest(log, checkpoint, period, files);
  }

  /// The text that is signed.
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(FORMAT).append('\n');
    text.append("log ").append(log).append('\n');
    text.append("size ").append(checkpoint.treeSize()).append('\n');
    text.append("root ").append(CanonicalBase64.encode(checkpoint.root().bytes())).append('\n');
    text.append("from ").append(period.from()).append('\n');
    text.append("to ").append(period.to()).append('\n');
    files.forEach(
        (name, file) ->
            text.append("file ")
                .append(file.sha256().hex().substring(2))
                .append(' ')
                .append(file.size())
                .append(' ')
                .append(name)
                .append('\n'));
    return text.toString();
  }

  /// Signs it, and puts it beside its files, which makes them a report.
  ///
  /// @param signer who answers for the report; not the log's key, which signs checkpoints and
  /// nothing else
  /// @throws InvalidNoteException when it is the log's key
  /// @throws UncheckedIOException when the file cannot be written
  public void sign(Path directory, CheckpointSigner signer) {
    requireApart(signer.verifierKey(), LogKeys.of(log));
    Path file = directory.resolve(FILE);
    try {
      Files.writeString(file, SignedText.sign(text(), signer).note());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /// @param maker who answers for a report of the log
  /// @throws InvalidNoteException when it is the log's key
  public static void requireApart(VerifierKey maker, LogKeys log) {
    if (log.all().stream().anyMatch(key -> key.publicKey().equals(maker.publicKey()))) {
      throw new InvalidNoteException(
          "the key of a report is the log's own: expected that of whoever answers for the report");
    }
  }

  /// Reads what [#text] makes, and nothing else. It is true when its signature is, and no more than
  /// its signer's word then.
  ///
  /// @throws InvalidNoteException when it is no manifest, or of a format that is not known here
  public static ReportManifest parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
      throw new InvalidNoteException(
          "the manifest of a report%n  expected: %s%n  got:      %s%n  another format wants the version of countersign that made it"
              .formatted(FORMAT, lines.isEmpty() ? "nothing" : lines.getFirst()));
    }
    if (lines.size() < HEAD) {
      throw malformed("log, size, root, from and to on a line each");
    }
    VerifierKey log = VerifierKey.parse(value(lines.get(1), "log"));
    SortedMap<String, FileDigest> files = new TreeMap<>();
    for (String line : lines.subList(HEAD, lines.size())) {
      Matcher file = FILE_LINE.matcher(line);
      if (!file.matches()) {
        throw malformed("file, SHA-256, size and name");
      }
      files.put(
          file.group(3),
          new FileDigest(Digest32.fromHex("0x" + file.group(1)), Long.parseLong(file.group(2))));
    }
    ReportManifest parsed =
        new ReportManifest(log, checkpoint(log, lines), period(lines.get(4), lines.get(5)), files);
    if (!parsed.text().equals(text)) {
      throw malformed("each value in its one spelling");
    }
    return parsed;
  }

  private static Checkpoint checkpoint(VerifierKey log, List<String> lines) {
    return Checkpoint.parse(
        "%s\n%s\n%s\n"
            .formatted(log.name(), value(lines.get(2), "size"), value(lines.get(3), "root")));
  }

  private static Period period(String from, String to) {
    try {
      return new Period(Instant.parse(value(from, "from")), Instant.parse(value(to, "to")));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw malformed("a period in UTC");
    }
  }

  private static String value(String line, String key) {
    if (!line.startsWith(key + " ")) {
      throw malformed(key + " and its value");
    }
    return line.substring(key.length() + 1);
  }

  private static InvalidNoteException malformed(String expected) {
    return new InvalidNoteException("the manifest of a report: expected " + expected);
  }
}
