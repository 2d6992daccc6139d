package dev.countersign.core.action;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every payload that means harm is seen for what it is, or refused.
class HostileCallsTest {
  private static final Path PAGE = Path.of("..", "docs", "HOSTILE_REQUESTS.md");
  private static final String REFUSED = "refused: ";

  static List<Hostile> payloads() {
    return Stream.of(
            HostileCalls.nested(),
            HostileCalls.code(),
            HostileCalls.allowances(),
            HostileCalls.encodings(),
            HostileMessages.all())
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void isSeenForWhatItIs(Hostile payload) {
    List<String> words = InWords.of(payload.unpacking());
    String first = payload.becomes().getFirst();
    if (first.startsWith(REFUSED)) {
      assertThat(words)
          .singleElement()
          .asString()
          .startsWith(REFUSED)
          .contains(first.substring(REFUSED.length()));
    } else {
      assertThat(words).isEqualTo(payload.becomes());
    }
  }

  @Test
  void thePageListsEveryPayload() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| ")).toList();
    assertThat(payloads())
        .hasSizeGreaterThanOrEqualTo(40)
        .allSatisfy(
            payload ->
                assertThat(rows).anyMatch(row -> row.startsWith("| " + payload.name() + " |")));
  }
}
