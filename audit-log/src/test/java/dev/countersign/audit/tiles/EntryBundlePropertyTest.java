package dev.countersign.audit.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Bytes;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EntryBundlePropertyTest {

  @Property(tries = 100)
  void readsWhatItWrites(@ForAll @Size(max = 20) List<byte @Size(max = 300) []> entries) {
    List<Bytes> given = entries.stream().map(Bytes::of).toList();
    assertThat(EntryBundle.parse(EntryBundle.format(given))).isEqualTo(new EntryBundle(given, 0));
  }

  @Property(tries = 100)
  void readsACutOffBundleAsFarAsItGoes(
      @ForAll @Size(min = 1, max = 5) List<byte @Size(min = 1, max = 20) []> entries,
      @ForAll @IntRange(min = 1, max = 20) int cut) {
    List<Bytes> given = entries.stream().map(Bytes::of).toList();
    byte[] file = EntryBundle.format(given);
    byte[] rest = Arrays.copyOf(file, Math.max(0, file.length - cut));
    EntryBundle bundle = EntryBundle.parse(rest);
    assertThat(bundle.entries()).isEqualTo(given.subList(0, bundle.entries().size()));
    int read = bundle.entries().stream().mapToInt(e -> e.size() + 2).sum();
    assertThat(read + bundle.strayBytes()).isEqualTo(rest.length);
  }

  @Example
  void takesTheLongestEntryAndNoLonger() {
    Bytes longest = Bytes.of(new byte[65_535]);
    assertThat(EntryBundle.parse(EntryBundle.format(List.of(longest))).entries())
        .containsExactly(longest);
    assertThatThrownBy(() -> EntryBundle.format(List.of(Bytes.of(new byte[65_536]))))
        .hasMessage("an entry has at most 65535 bytes, not 65536");
  }
}
