package dev.countersign.core.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.approval.RuleQuorum.AllOf;
import dev.countersign.core.approval.RuleQuorum.AnyOf;
import dev.countersign.core.approval.RuleQuorum.Members;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QuorumPropertyTest {
  @Provide
  Arbitrary<Quorum> quorums() {
    return ApprovalArbitraries.quorums();
  }

  @Provide
  Arbitrary<RuleQuorum> ruleQuorums() {
    return ApprovalArbitraries.ruleQuorums();
  }

  @Provide
  Arbitrary<Set<ApproverName>> people() {
    return ApprovalArbitraries.people();
  }

  @Property(tries = 500)
  void moreApproversNeverUnmeet(
      @ForAll("quorums") Quorum quorum,
      @ForAll("people") Set<ApproverName> some,
      @ForAll("people") Set<ApproverName> others) {
    Set<ApproverName> all = new HashSet<>(some);
    all.addAll(others);
    assertThat(!quorum.isMetBy(some) || quorum.isMetBy(all)).isTrue();
  }

  @Property(tries = 500)
  void onlyMembersCount(
      @ForAll("quorums") Quorum quorum, @ForAll("people") Set<ApproverName> approvers) {
    Set<ApproverName> members = new HashSet<>(approvers);
    members.retainAll(quorum.members());
    assertThat(quorum.isMetBy(members)).isEqualTo(quorum.isMetBy(approvers));
  }

  @Property(tries = 500)
  void textIsReadBack(@ForAll("quorums") Quorum quorum) {
    assertThat(Quorum.parse(quorum.text())).isEqualTo(quorum);
    assertThat(quorum.text()).matches("[ -~]+");
  }

  @Property(tries = 500)
  void wordsAreMissingExactlyWhenItIsMet(
      @ForAll("quorums") Quorum quorum, @ForAll("people") Set<ApproverName> approvers) {
    assertThat(quorum.missing(approvers, Set.of()).isEmpty()).isEqualTo(quorum.isMetBy(approvers));
  }

  @Property(tries = 500)
  void itIsPossibleWhileTheRestWouldMeetIt(
      @ForAll("quorums") Quorum quorum, @ForAll("people") Set<ApproverName> without) {
    Set<ApproverName> rest = new HashSet<>(quorum.members());
    rest.removeAll(without);
    assertThat(quorum.isStillPossible(without)).isEqualTo(quorum.isMetBy(rest));
  }

  /// Against a search through every way to give each approver one group.
  @Property(tries = 500)
  void seatsAreFoundWheneverThereAreAny(
      @ForAll("ruleQuorums") RuleQuorum quorum, @ForAll("people") Set<ApproverName> approvers) {
    boolean byHand =
        choices(quorum).stream().anyMatch(groups -> isMet(groups, new ArrayList<>(approvers)));
    assertThat(quorum.isMetBy(approvers)).isEqualTo(byHand);
  }

  private static List<List<Members>> choices(RuleQuorum quorum) {
    return switch (quorum) {
      case Members group -> List.of(List.of(group));
      case AnyOf any -> any.parts().stream().flatMap(part -> choices(part).stream()).toList();
      case AllOf all -> {
        List<List<Members>> sofar = List.of(List.of());
        for (RuleQuorum part : all.parts()) {
          List<List<Members>> next = new ArrayList<>();
          for (List<Members> head : sofar) {
            for (List<Members> tail : choices(part)) {
              List<Members> joined = new ArrayList<>(head);
              joined.addAll(tail);
              next.add(joined);
            }
          }
          sofar = next;
        }
        yield sofar;
      }
    };
  }

  private static boolean isMet(List<Members> groups, List<ApproverName> approvers) {
    int[] open = groups.stream().mapToInt(Members::count).toArray();
    return fill(groups, open, approvers, 0);
  }

  private static boolean fill(
      List<Members> groups, int[] open, List<ApproverName> approvers, int next) {
    int left = 0;
    for (int count : open) {
      left += count;
    }
    if (left == 0) {
      return true;
    }
    if (left > approvers.size() - next) {
      return false;
    }
    for (int i = 0; i < open.length; i++) {
      if (open[i] > 0 && groups.get(i).members().contains(approvers.get(next))) {
        open[i]--;
        boolean met = fill(groups, open, approvers, next + 1);
        open[i]++;
        if (met) {
          return true;
        }
      }
    }
    return fill(groups, open, approvers, next + 1);
  }
}
