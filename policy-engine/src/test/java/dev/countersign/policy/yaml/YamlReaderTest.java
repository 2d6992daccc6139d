package dev.countersign.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
  private final Problems problems = new Problems();

  @Test
  void keepsScalarsAsTheTextTheyAre() {
    Mapping root = (Mapping) read("a: 0x10\nb: 1_000\nc: ~\nd: '1.50'\n").orElseThrow();
    assertThat(root.entries())
        .extracting(entry -> ((Scalar) entry.value()).text())
        .containsExactly("0x10", "1_000", "~", "1.50");
  }

  @Test
  void knowsWhereEachNodeStands() {
    Mapping root = (Mapping) read("a:\n  - one\n  - two\n").orElseThrow();
    Sequence list = (Sequence) root.entries().getFirst().value();
    assertThat(list.items().get(1).at()).isEqualTo(new Position(3, 5));
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    assertProblem("a: 1\nb: 2\na: 3\n", "3:1 the key \"a\" is there twice");
  }

  @Test
  void refusesAnchorsAndAliases() {
    assertProblem("a: &x [1]\nb: *x\n", "1:4 anchors and aliases are not taken");
  }

  @Test
  void refusesTags() {
    assertProblem("a: !!java.io.File x\n", "1:4 tags are not taken");
  }

  @Test
  void refusesASecondDocument() {
    assertProblem("a: 1\n---\nb: 2\n", "2:1 a second document begins here");
  }

  @Test
  void refusesDeepNesting() {
    assertProblem("[".repeat(30) + "]".repeat(30), "1:21 nested deeper than 20 levels");
  }

  @Test
  void refusesVeryDeepNestingWithoutRunningOutOfStack() {
    assertProblem("[".repeat(1_000_000), "1:21 nested deeper than 20 levels");
  }

  @Test
  void refusesCharactersThatHide() {
    assertProblem("a: 1\nb: x\u202ey\n", "2:5 the invisible character U+202E");
  }

  @Test
  void refusesThemEscapedToo() {
    assertProblem("a: \"x\\0y\"\n", "1:4 an invisible character is escaped here");
    assertThat(read("a: \"x\\u202ey\"\n")).isEmpty();
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    assertThat(YamlReader.read(new byte[] {'a', ':', ' ', (byte) 0xff}, problems)).isEmpty();
    assertThat(problems.all()).extracting(Problem::toString).containsExactly("1:1 not UTF-8");
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThat(YamlReader.read(new byte[YamlReader.MOST_BYTES + 1], problems)).isEmpty();
    assertThat(problems.all()).first().asString().contains("at most 4194304");
  }

  @Test
  void refusesAnEmptyDocument() {
    assertProblem("# nothing\n", "1:1 the document is empty");
  }

  @Test
  void refusesWhatIsNoYaml() {
    assertProblem("a: [1, 2\nb: 3\n", "not YAML");
  }

  private Optional<YamlNode> read(String text) {
    return YamlReader.read(text.getBytes(StandardCharsets.UTF_8), problems);
  }

  private void assertProblem(String text, String expected) {
    assertThat(read(text)).isEmpty();
    assertThat(problems.all()).hasSize(1);
    assertThat(problems.all().getFirst().toString()).contains(expected);
  }
}
