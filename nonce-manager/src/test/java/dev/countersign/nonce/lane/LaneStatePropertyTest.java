package dev.countersign.nonce.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Nonce;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/// A lane against the plainest model of one: the set of nonces that have an owner.
class LaneStatePropertyTest {

  /// @param steps negative: take; otherwise release the owned nonce at this place, if there is one
  @Property(tries = 500)
  void noOrderOfTakesAndReleasesGivesANonceTwiceOrLeavesALowerOne(
      @ForAll @LongRange(max = 1L << 40) long first,
      @ForAll @Size(max = 200) List<@IntRange(min = -20, max = 20) Integer> steps) {
    LaneState lane = LaneState.opened(new Nonce(first));
    TreeSet<Nonce> owned = new TreeSet<>();
    for (int step : steps) {
      if (step < 0 || owned.isEmpty()) {
        Nonce nonce = lane.lowest();
        lane = lane.taken();
        assertThat(nonce).isEqualTo(lowestWithoutOwner(first, owned));
        assertThat(owned.add(nonce)).as("nonce %s had an owner", nonce).isTrue();
      } else {
        Nonce released = List.copyOf(owned).get(step % owned.size());
        owned.remove(released);
        lane = lane.released(released);
      }
      assertThat(lane.lowest()).isEqualTo(lowestWithoutOwner(first, owned));
    }
  }

  private static Nonce lowestWithoutOwner(long first, Set<Nonce> owned) {
    Nonce nonce = new Nonce(first);
    while (owned.contains(nonce)) {
      nonce = nonce.next();
    }
    return nonce;
  }
}
