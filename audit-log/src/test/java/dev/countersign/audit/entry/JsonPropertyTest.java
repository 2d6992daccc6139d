package dev.countersign.audit.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.entry.Json.Fields;
import dev.countersign.audit.entry.Json.Flag;
import dev.countersign.audit.entry.Json.Items;
import dev.countersign.audit.entry.Json.Text;
import dev.countersign.audit.entry.Json.Whole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.erdtman.jcs.JsonCanonicalizer;

class JsonPropertyTest {

  /// The reference implementation that RFC 8785 names, as a second opinion.
  @Property(tries = 150)
  void isWhatTheReferenceImplementationMakesOfIt(@ForAll("documents") Fields json)
      throws IOException {
    String ours = json.canonical();
    assertThat(new JsonCanonicalizer(ours).getEncodedString()).isEqualTo(ours);
  }

  @Property(tries = 150)
  void readsBackWhatItWrites(@ForAll("documents") Fields json) {
    assertThat(JsonReader.read(json.canonical().getBytes(StandardCharsets.UTF_8))).isEqualTo(json);
  }

  @Provide
  Arbitrary<Fields> documents() {
    return fields(json(3));
  }

  private static Arbitrary<Json> json(int depth) {
    Arbitrary<Json> leaf =
        Arbitraries.oneOf(
            texts().map(Text::new),
            Arbitraries.longs().between(-Whole.MOST, Whole.MOST).map(Whole::new),
            Arbitraries.of(true, false).map(Flag::new));
    if (depth == 0) {
      return leaf;
    }
    return Arbitraries.oneOf(
        leaf, json(depth - 1).list().ofMaxSize(4).map(Items::new), fields(json(depth - 1)));
  }

  private static Arbitrary<Fields> fields(Arbitrary<Json> values) {
    return Arbitraries.maps(texts().map(t -> new Text(t).value()), values)
        .ofMaxSize(5)
        .map(Fields::new);
  }

  /// Also controls, quotes, surrogate pairs and lone surrogates.
  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(12),
        Arbitraries.strings()
            .withChars("\"\\/\b\f\n\r\t\u0000\u001f\u007f\u20ac\ufb33é")
            .ofMaxLength(8),
        Arbitraries.strings().withChars("a\ud83d\ude02\ud800\udfff").ofMaxLength(8));
  }

  /// The example of RFC 8785, section 3.2.3, without its one key that is no text.
  @Example
  void sortsKeysByTheirCodeUnits() {
    Fields json =
        new Fields(
            Map.of(
                "\u20ac", new Text("Euro Sign"),
                "\r", new Text("Carriage Return"),
                "\ufb33", new Text("Hebrew Letter Dalet With Dagesh"),
                "1", new Text("One"),
                "\ud83d\ude00", new Text("Emoji: Grinning Face"),
                "\u0080", new Text("Control"),
                "\u00f6", new Text("Latin Small Letter O With Diaeresis")));
    assertThat(json.values().values())
        .extracting(value -> ((Text) value).value())
        .containsExactly(
            "Carriage Return",
            "One",
            "Control",
            "Latin Small Letter O With Diaeresis",
            "Euro Sign",
            "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh");
  }

  @Example
  void loneSurrogatesBecomeTheReplacementCharacter() {
    assertThat(new Text("a\ud800b\udc00\ud83d\ude02").value())
        .isEqualTo("a\ufffdb\ufffd\ud83d\ude02");
  }
}
