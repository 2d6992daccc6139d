package dev.countersign.nonce.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class VotesPropertyTest {

  @Property
  void aLyingMinorityNeverChangesWhatIsAgreed(
      @ForAll @IntRange(min = 1, max = 9) int endpoints,
      @ForAll @Size(max = 9) List<@LongRange(min = 0, max = 5) Long> lies,
      @ForAll @LongRange(min = 0, max = 5) long truth,
      @ForAll Random order) {
    int quorum = endpoints / 2 + 1;
    int liars = Math.min(lies.size(), endpoints - quorum);
    List<Long> votes = new ArrayList<>(lies.subList(0, liars));
    votes.addAll(Collections.nCopies(endpoints - liars, truth));
    Collections.shuffle(votes, order);
    assertThat(Votes.agreed(votes, quorum)).isEqualTo(new Agreement.Agreed<>(truth));
    assertThat(Votes.reached(votes, quorum)).isEqualTo(OptionalLong.of(truth));
  }

  /// However few of the honest ones answer: the truth or nothing.
  @Property
  void fewerLiarsThanAQuorumNeverHaveTheirWay(
      @ForAll @IntRange(min = 1, max = 6) int quorum,
      @ForAll @Size(max = 9) List<@LongRange(min = 0, max = 5) Long> lies,
      @ForAll @IntRange(max = 9) int honest,
      @ForAll @LongRange(min = 0, max = 5) long truth) {
    List<Long> votes = new ArrayList<>(lies.subList(0, Math.min(lies.size(), quorum - 1)));
    votes.addAll(Collections.nCopies(honest, truth));
    switch (Votes.agreed(votes, quorum)) {
      case Agreement.Agreed<Long>(Long value) -> assertThat(value).isEqualTo(truth);
      case Agreement.Split<Long>(String detail) ->
          assertThat(detail).contains("%d must agree".formatted(quorum));
    }
  }

  /// Honest nodes lag by different amounts: liars move the outcome to no number that none of them
  /// has reached, and with enough honest ones to none that all of them are past.
  @Property
  void liarsMoveAHeadNeitherBeyondNorBehindTheHonest(
      @ForAll @Size(min = 1, max = 9) List<@LongRange(min = 100, max = 120) Long> honest,
      @ForAll @Size(max = 9) List<@LongRange(min = 0, max = 1_000_000) Long> lies,
      @ForAll @IntRange(min = 1, max = 9) int quorum) {
    List<Long> votes = new ArrayList<>(lies.subList(0, Math.min(lies.size(), quorum - 1)));
    votes.addAll(honest);
    OptionalLong reached = Votes.reached(votes, quorum);
    assertThat(reached.isPresent()).isEqualTo(votes.size() >= quorum);
    if (reached.isPresent()) {
      assertThat(reached.getAsLong()).isLessThanOrEqualTo(Collections.max(honest));
      if (honest.size() >= quorum) {
        assertThat(reached.getAsLong()).isGreaterThanOrEqualTo(Collections.min(honest));
      }
    }
  }

  /// However many answer: one that lies leads no two, and fewer than a quorum no more than a
  /// quorum.
  @Property
  void theBestHeadIsNeverALiarsAlone(
      @ForAll @Size(min = 1, max = 9) List<@LongRange(min = 100, max = 120) Long> honest,
      @ForAll @LongRange(min = 121, max = 1_000_000) long lie,
      @ForAll @IntRange(min = 2, max = 9) int quorum) {
    List<Long> votes = new ArrayList<>(honest);
    votes.add(lie);
    assertThat(Votes.vouched(votes, quorum).getAsLong())
        .isLessThanOrEqualTo(Collections.max(honest));
  }

  @Property
  void neitherOfTwoEqualCampsIsAgreed(@ForAll @IntRange(min = 1, max = 5) int camp) {
    List<Long> votes = new ArrayList<>(Collections.nCopies(camp, 1L));
    votes.addAll(Collections.nCopies(camp, 2L));
    assertThat(Votes.agreed(votes, camp)).isInstanceOf(Agreement.Split.class);
  }
}
