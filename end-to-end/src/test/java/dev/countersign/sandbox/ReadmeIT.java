package dev.countersign.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Does what the README says, in its words, and compares what comes with what it shows.
class ReadmeIT {
  private static final Path TOP = Path.of("..");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\R(.*?)^```$");

  private final List<String> blocks;

  ReadmeIT() throws IOException {
    blocks =
        BLOCK
            .matcher(Files.readString(TOP.resolve("README.md")))
            .results()
            .map(match -> match.group(1).strip())
            .toList();
  }

  @Test
  void theSandboxShowsWhatTheReadmeShows(@TempDir Path directory) throws Exception {
    int command = blocks.indexOf("./countersign sandbox --once");
    assertThat(command).as("the command among the README's blocks %s", blocks).isNotNegative();

    var shown = Launcher.in(directory).runInShell(blocks.get(command));

    assertThat(shown.exitCode()).as(shown.all()).isZero();
    assertThat(shape(shown.out())).isEqualTo(shape(blocks.get(command + 1)));
  }

  /// A build cannot run itself: that its last command is this very run is all that is left to see.
  @Test
  void ciRunsTheReadmesTestCommandAndInstallsItsPackages() throws IOException {
    var ci = Files.readString(TOP.resolve(".ci/run"));

    assertThat(blocks).contains(only("(?m)^test_command='(.*)'$", ci).getFirst());
    assertThat(only("(?m)^wants \\S+ (\\S+)$", ci))
        .containsAll(
            blocks.stream()
                .filter(block -> block.startsWith("apt-get install "))
                .flatMap(block -> Arrays.stream(block.split(" ", -1)).skip(2))
                .toList());
  }

  /// Without what differs from run to run: values, how long it took, and steps that are told only
  /// when they take long.
  private static List<String> shape(String output) {
    return output
        .strip()
        .lines()
        .filter(line -> !line.startsWith("  ... "))
        .map(
            line ->
                line.replaceAll(" in \\S*\\.countersign/sandbox$", " in HOME")
                    .replaceAll("0x[0-9a-fA-F]{64}", "HASH")
                    .replaceAll("0x[0-9a-fA-F]{40}", "ADDRESS")
                    .replaceAll("\\d+", "N"))
        .toList();
  }

  private static List<String> only(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }
}
