package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Plays writers against the integrator's looks, step by step in any order, and holds what was seen
/// against what was committed.
class GapsPropertyTest {

  @Property(tries = 300)
  void everyCommittedIdIsSequencedOnceAndTheRestIsForgotten(@ForAll long seed) {
    new Play(new Random(seed)).playAndCheck();
  }

  private static final class Play {
    private final Random steps;
    /// Ids of each running writer, by its virtual transaction.
    private final Map<String, List<Long>> running = new LinkedHashMap<>();

    private final Set<Long> committed = new TreeSet<>();
    private final List<Long> sequenced = new ArrayList<>();
    private Gaps gaps = Gaps.NONE;
    private long highest;
    private long lastId;
    private int writers;

    Play(Random steps) {
      this.steps = steps;
    }

    void playAndCheck() {
      for (int i = 0; i < 300; i++) {
        step();
      }
      new ArrayList<>(running.keySet()).forEach(writer -> end(writer, steps.nextBoolean()));
      // A look for what is late, one that lets the young grow old, one that settles them.
      look();
      look();
      look();
      assertThat(sequenced).doesNotHaveDuplicates();
      assertThat(new TreeSet<>(sequenced)).isEqualTo(committed);
      assertThat(gaps).isEqualTo(Gaps.NONE);
    }

    private void step() {
      switch (steps.nextInt(5)) {
        case 0 -> running.put("3/" + writers++, new ArrayList<>());
        case 1, 2 -> any().ifPresent(w -> running.getOrDefault(w, new ArrayList<>()).add(++lastId));
        case 3 -> any().ifPresent(w -> end(w, steps.nextInt(3) > 0));
        default -> look();
      }
    }

    private Optional<String> any() {
      return running.keySet().stream()
          .skip(running.isEmpty() ? 0 : steps.nextInt(running.size()))
          .findFirst();
    }

    private void end(String writer, boolean commit) {
      List<Long> ids = running.getOrDefault(writer, List.of());
      if (commit) {
        committed.addAll(ids);
      }
      running.remove(writer);
    }

    /// Each statement of a look sees what was committed by then; writers go on in between.
    private void look() {
      Set<String> writing = Set.copyOf(running.keySet());
      endSome();
      List<Long> fresh = committed.stream().filter(id -> id > highest).toList();
      endSome();
      Set<Long> known = idsOf(gaps.old().and(gaps.young()));
      List<Long> late = committed.stream().filter(known::contains).toList();
      long newHighest = fresh.isEmpty() ? highest : fresh.getLast();
      IdRanges found = IdRanges.between(highest, newHighest).without(fresh);
      sequenced.addAll(late);
      sequenced.addAll(fresh);
      gaps = gaps.after(writing, late, found);
      highest = newHighest;
    }

    private void endSome() {
      if (steps.nextInt(3) == 0) {
        any().ifPresent(writer -> end(writer, steps.nextBoolean()));
      }
    }

    private static Set<Long> idsOf(IdRanges ranges) {
      return IntStream.range(0, ranges.bounds().size() / 2)
          .boxed()
          .flatMap(
              i ->
                  LongStream.rangeClosed(ranges.bounds().get(2 * i), ranges.bounds().get(2 * i + 1))
                      .boxed())
          .collect(Collectors.toSet());
    }
  }
}
