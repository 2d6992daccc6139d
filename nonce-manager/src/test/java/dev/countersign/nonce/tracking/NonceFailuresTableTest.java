package dev.countersign.nonce.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every row of `docs/NONCE_FAILURES.md` names tests, and each of them is there.
class NonceFailuresTableTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final Path PAGE = REPOSITORY.resolve("docs/NONCE_FAILURES.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([0-9]+) \\|.*\\|([^|]*)\\|$");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

  @Test
  void namesTestsForEveryWayAndEachIsThere() throws IOException {
    var tests = new TreeMap<Integer, List<MatchResult>>();
    ROW.matcher(Files.readString(PAGE))
        .results()
        .forEach(
            row ->
                tests.put(
                    Integer.parseInt(row.group(1)), TEST.matcher(row.group(2)).results().toList()));
    assertThat(tests.keySet())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
    for (var row : tests.entrySet()) {
      assertThat(row.getValue()).as("tests of %d", row.getKey()).isNotEmpty();
      for (MatchResult test : row.getValue()) {
        assertThat(sources(test.group(1)))
            .as(test.group(1))
            .singleElement()
            .satisfies(
                file ->
                    assertThat(Files.readString(file))
                        .contains(" void %s(".formatted(test.group(2))));
      }
    }
  }

  private static List<Path> sources(String name) throws IOException {
    try (Stream<Path> modules = Files.list(REPOSITORY)) {
      return modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(NonceFailuresTableTest::files)
          .filter(file -> file.endsWith(name + ".java"))
          .toList();
    }
  }

  private static Stream<Path> files(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
