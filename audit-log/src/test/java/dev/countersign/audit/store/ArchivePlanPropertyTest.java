package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.store.ArchivePlan.NotInTree;
import dev.countersign.audit.store.ArchivePlan.Nothing;
import dev.countersign.audit.store.ArchivePlan.OpenBundle;
import dev.countersign.audit.store.ArchivePlan.Part;
import dev.countersign.audit.store.ArchivePlan.Ready;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;

class ArchivePlanPropertyTest {

  @Property(tries = 500)
  void nothingLeavesThatAVerifiedFullBundleDoesNotHave(
      @ForAll("parts") List<Part> parts,
      @ForAll @LongRange(max = 2_000) long treeSize,
      @ForAll @LongRange(max = 7) long bundles) {
    long archived = Math.min(bundles * 256, treeSize / 256 * 256);
    switch (ArchivePlan.of(parts, treeSize, archived)) {
      case Ready(List<Part> ready, long next) -> {
        assertThat(ready).isEqualTo(parts);
        assertThat(next % 256).isZero();
        assertThat(next)
            .isPositive()
            .isLessThanOrEqualTo(treeSize)
            .isGreaterThanOrEqualTo(archived);
        assertThat(ready).allMatch(part -> part.placed() == part.entries());
        assertThat(ready).allMatch(part -> part.highest() < next);
        // Nor is anything called archived that no old entry and no earlier archive reaches.
        assertThat(next == archived || ready.stream().anyMatch(p -> p.highest() >= next - 256))
            .isTrue();
      }
      case Nothing _ -> assertThat(parts).allMatch(part -> part.entries() == 0);
      case NotInTree(Part part) -> assertThat(part.placed()).isLessThan(part.entries());
      case OpenBundle(Part part) ->
          assertThat(part.highest()).isGreaterThanOrEqualTo(treeSize / 256 * 256);
    }
  }

  @Example
  void thereIsNothingInNoPartition() {
    assertThat(ArchivePlan.of(List.of(), 700, 256)).isEqualTo(new Nothing());
  }

  @Example
  void theLastEntryOfAFullBundleGoesAndTheFirstOfTheOpenOneStays() {
    assertThat(ArchivePlan.of(List.of(new Part("a", 9, 9, 511)), 512, 0))
        .isEqualTo(new Ready(List.of(new Part("a", 9, 9, 511)), 512));
    assertThat(ArchivePlan.of(List.of(new Part("a", 9, 9, 512)), 767, 0))
        .isEqualTo(new OpenBundle(new Part("a", 9, 9, 512)));
  }

  @Provide
  Arbitrary<List<Part>> parts() {
    Arbitrary<Long> entries = Arbitraries.longs().between(0, 3);
    Arbitrary<Long> missing =
        Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.just(0L)), Tuple.of(1, Arbitraries.just(1L)));
    Arbitrary<Long> highest = Arbitraries.longs().between(0, 1_999);
    return Combinators.combine(entries, missing, highest)
        .as(
            (count, lost, last) -> {
              long placed = Math.max(0, count - lost);
              return new Part("p", count, placed, placed == 0 ? -1 : last);
            })
        .list()
        .ofMaxSize(4);
  }
}
