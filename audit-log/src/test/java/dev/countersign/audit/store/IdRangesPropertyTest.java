package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class IdRangesPropertyTest {

  private static Set<Long> ids(IdRanges ranges) {
    Set<Long> ids = new TreeSet<>();
    for (int i = 0; i < ranges.bounds().size(); i += 2) {
      LongStream.rangeClosed(ranges.bounds().get(i), ranges.bounds().get(i + 1)).forEach(ids::add);
    }
    return ids;
  }

  @Property(tries = 300)
  void withoutIsTheDifferenceOfSets(
      @ForAll Set<@LongRange(min = 1, max = 60) Long> first,
      @ForAll Set<@LongRange(min = 1, max = 60) Long> second) {
    IdRanges all = IdRanges.between(0, 60);
    Set<Long> expected = ids(all);
    expected.removeAll(first);
    IdRanges some = all.without(first);
    assertThat(ids(some)).isEqualTo(expected);
    expected.removeAll(second);
    assertThat(ids(some.without(second))).isEqualTo(expected);
  }

  @Property(tries = 100)
  void andJoinsWhatFollows(
      @ForAll Set<@LongRange(min = 1, max = 30) Long> low,
      @ForAll Set<@LongRange(min = 31, max = 60) Long> high) {
    IdRanges first = IdRanges.between(0, 30).without(low);
    IdRanges second = IdRanges.between(30, 60).without(high);
    Set<Long> expected = ids(first);
    expected.addAll(ids(second));
    assertThat(ids(first.and(second))).isEqualTo(expected);
  }

  @Example
  void refusesWhatIsNotInOrder() {
    for (List<Long> bad :
        List.of(List.of(1L), List.of(2L, 1L), List.of(1L, 5L, 5L, 6L), List.of(5L, 6L, 1L, 2L))) {
      assertThatThrownBy(() -> new IdRanges(new ArrayList<>(bad)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(IdRanges.between(5, 5)).isEqualTo(IdRanges.NONE);
    assertThat(IdRanges.between(5, 6)).isEqualTo(new IdRanges(List.of(6L, 6L)));
  }
}
