package dev.countersign.audit.report;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.LogEntry;
import dev.countersign.audit.entry.MalformedEntryException;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.verify.EntryVisitor;
import dev.countersign.core.model.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A report in the making. It is shown the log's entries while the log is verified, and is worth
/// something only when that ended well: then, and not before, [#finish] makes it a report. Rows go
/// to the files as they come: in memory is what is in flight, and who acted.
public final class ReportDraft implements EntryVisitor, AutoCloseable {
  private final Path directory;
  private final Period period;
  private final long most;
  private final Map<Section, SectionFile> files = new EnumMap<>(Section.class);
  private final Admissions admissions = new Admissions();
  private final Actors actors = new Actors();
  private final SortedMap<String, Long> types = new TreeMap<>();
  private long shown;
  private Optional<Instant> newest = Optional.empty();

  /// @param directory is there, and empty
  /// @param most how many entries of the log are looked at, from the first on: those of the
  ///     checkpoint that the report is of, when that is known already
  /// @throws UncheckedIOException when the directory cannot be written
  public ReportDraft(Path directory, Period period, long most) {
    this.directory = directory;
    this.period = period;
    this.most = most;
    for (Section section : Section.values()) {
      files.put(section, new SectionFile(section, directory));
    }
  }

  /// @throws UncheckedIOException when the directory cannot be written
  @Override
  public void entry(long index, Bytes entry) {
    if (index >= most) {
      return;
    }
    shown++;
    byte[] bytes = entry.toArray();
    LogEntry read;
    try {
      read = EntryDecoder.decode(bytes);
    } catch (MalformedEntryException e) {
      add(
          Section.UNREADABLE,
          List.of(
              Long.toString(index), TreeHash.leaf(bytes).hex(), Integer.toString(bytes.length)));
      return;
    }
    if (newest.isEmpty() || newest.get().isBefore(read.at())) {
      newest = Optional.of(read.at());
    }
    if (period.contains(read.at())) {
      types.merge(read.type(), 1L, Long::sum);
      actors.see(index, read);
      SectionRows.of(index, read, admissions.of(read))
          .forEach(row -> add(row.section(), row.cells()));
    }
    admissions.see(index, read);
  }

  /// Makes it a report, without a signature yet.
  ///
  /// @param checkpoint what the entries that were shown are verified against
  /// @param log the key that the checkpoint was opened with
  /// @throws IllegalStateException when other entries were shown than the checkpoint has
  /// @throws UncheckedIOException when the directory cannot be written
  public ReportManifest finish(SignedCheckpoint checkpoint, VerifierKey log) {
    if (shown != checkpoint.checkpoint().treeSize()) {
      throw new IllegalStateException(
          "a report of %d entries was shown %d"
              .formatted(checkpoint.checkpoint().treeSize(), shown));
    }
    actors.rows().forEach(row -> add(Section.ACTORS, row));
    close();
    try {
      Files.writeString(directory.resolve(ReportManifest.CHECKPOINT), checkpoint.note());
      new ReportPage(new ReportPage.Facts(checkpoint.checkpoint(), log, period, newest, types))
          .write(directory.resolve(ReportManifest.PAGE), List.copyOf(files.values()));
      return ReportManifest.of(directory, checkpoint.checkpoint(), log, period);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the report to " + directory, e);
    }
  }

  /// The time of the newest entry that was shown and could be read.
  public Optional<Instant> newest() {
    return newest;
  }

  /// How many entries of the period there are by type; types that have none are not there.
  public SortedMap<String, Long> types() {
    return new TreeMap<>(types);
  }

  /// How many entries, of whatever time, could not be read.
  public long unreadable() {
    return file(Section.UNREADABLE).rows();
  }

  private SectionFile file(Section section) {
    return Objects.requireNonNull(files.get(section));
  }

  private void add(Section section, List<String> cells) {
    file(section).add(cells);
  }

  /// Closes its files, finished or not.
  @Override
  public void close() {
    files.values().forEach(SectionFile::close);
  }
}
