package dev.countersign.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every example policy does what its tests say.
class PolicyExamplesTest {
  private static final Path EXAMPLES = Path.of("..", "docs", "examples");

  static List<Path> policies() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(file -> !file.toString().endsWith(".test.yaml")).sorted().toList();
    }
  }

  @Test
  void thereAreExamples() throws IOException {
    assertThat(policies()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void anExampleDoesWhatItsTestsSay(Path policy) throws IOException {
    Path tests =
        policy.resolveSibling(policy.getFileName().toString().replace(".yaml", ".test.yaml"));
    switch (PolicyTestReader.read(tests)) {
      case PolicyTestFile.Reading.Invalid invalid -> throw new AssertionError(invalid.text());
      case PolicyTestFile.Reading.Valid(PolicyTestFile file) -> {
        assertThat(file.policyFile()).isEqualTo(policy);
        assertThat(file.cases()).hasSizeGreaterThanOrEqualTo(8);
        assertThat(
                file.run().stream()
                    .filter(result -> !result.isExpected())
                    .map(
                        result ->
                            result.example().name()
                                + "\n"
                                + String.join("\n", result.explanation())))
            .isEmpty();
      }
    }
  }
}
