package dev.countersign.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/// No bit of any file of a report can be changed unseen.
class ChangedBytePropertyTest {
  private static @Nullable Path directory;

  @BeforeContainer
  static void make() throws IOException {
    directory = Files.createTempDirectory("changed-report");
    SampleReport.make(directory, SampleReport.NOVEMBER, SampleReport.entries());
  }

  @AfterContainer
  static void delete() throws IOException {
    for (Path file : files()) {
      Files.delete(file);
    }
    Files.delete(directory());
  }

  private static Path directory() {
    if (directory == null) {
      throw new IllegalStateException("not made");
    }
    return directory;
  }

  private static List<Path> files() {
    List<Path> files = new ArrayList<>();
    ReportManifest.names().forEach(name -> files.add(directory().resolve(name)));
    files.add(directory().resolve(ReportManifest.FILE));
    return files;
  }

  @Property(tries = 300)
  void isFound(
      @ForAll @IntRange(max = 10) int file,
      @ForAll @IntRange(max = 1_000_000) int place,
      @ForAll @IntRange(max = 7) int bit)
      throws IOException {
    changeAndCheck(files().get(file), place, bit);
  }

  @Property(tries = 300)
  void isFoundInTheManifest(
      @ForAll @IntRange(max = 1_000_000) int place, @ForAll @IntRange(max = 7) int bit)
      throws IOException {
    changeAndCheck(directory().resolve(ReportManifest.FILE), place, bit);
  }

  private static void changeAndCheck(Path file, int place, int bit) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    byte[] changed = bytes.clone();
    changed[place % bytes.length] ^= (byte) (1 << bit);
    try {
      Files.write(file, changed);
      assertThat(SampleReport.check(directory())).isInstanceOf(ReportCheck.Verdict.NotSigned.class);
    } finally {
      Files.write(file, bytes);
    }
  }
}
