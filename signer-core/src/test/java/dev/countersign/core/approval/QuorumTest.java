package dev.countersign.core.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.approval.RuleQuorum.AllOf;
import dev.countersign.core.approval.RuleQuorum.AnyOf;
import dev.countersign.core.approval.RuleQuorum.Members;
import dev.countersign.core.model.InvalidValueException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuorumTest {
  private static final Members TREASURY = group("treasury", 2, "alice", "bob", "carol");
  private static final Members RISK = group("risk", 1, "carol", "dave");

  static Set<ApproverName> names(String... names) {
    return Arrays.stream(names).map(ApproverName::new).collect(Collectors.toSet());
  }

  static Members group(String name, int count, String... members) {
    return Members.of(name, names(members), count);
  }

  @Test
  void isMetByAsManyMembersAsItAsks() {
    assertThat(TREASURY.isMetBy(names("alice"))).isFalse();
    assertThat(TREASURY.isMetBy(names("alice", "dave"))).isFalse();
    assertThat(TREASURY.isMetBy(names("alice", "carol"))).isTrue();
    assertThat(TREASURY.isMetBy(names("alice", "bob", "carol"))).isTrue();
  }

  @Test
  void whoIsInTwoGroupsCountsInOneOfThem() {
    AllOf both = new AllOf(List.of(TREASURY, RISK));
    assertThat(both.isMetBy(names("alice", "carol"))).isFalse();
    assertThat(both.isMetBy(names("alice", "carol", "dave"))).isTrue();
    assertThat(both.isMetBy(names("alice", "bob", "carol"))).isTrue();
  }

  @Test
  void approversAreMovedToWhereTheyAreNeeded() {
    AllOf chain =
        new AllOf(
            List.of(
                group("one", 1, "alice", "bob"),
                group("two", 1, "bob", "carol"),
                group("three", 1, "alice", "carol")));
    assertThat(chain.isMetBy(names("alice", "bob"))).isFalse();
    assertThat(chain.isMetBy(names("alice", "bob", "carol"))).isTrue();
  }

  @Test
  void anyOfIsMetByOne() {
    AnyOf either = new AnyOf(List.of(TREASURY, group("board", 1, "erin")));
    assertThat(either.isMetBy(names("erin"))).isTrue();
    assertThat(either.isMetBy(names("alice"))).isFalse();
    assertThat(either.isMetBy(names("alice", "bob"))).isTrue();
  }

  @Test
  void whatTwoRulesAskIsMetBySharedPeople() {
    Quorum same = Quorum.combined(List.of(TREASURY, TREASURY));
    assertThat(same).isEqualTo(TREASURY);
    Quorum both = Quorum.combined(List.of(TREASURY, RISK));
    assertThat(both.isMetBy(names("alice", "carol"))).isTrue();
    assertThat(both.isMetBy(names("alice", "bob"))).isFalse();
    assertThat(both).isEqualTo(Quorum.combined(List.of(RISK, TREASURY)));
  }

  @Test
  void knowsWhenTooFewAreLeft() {
    assertThat(TREASURY.isStillPossible(names("alice"))).isTrue();
    assertThat(TREASURY.isStillPossible(names("alice", "bob"))).isFalse();
    AllOf both = new AllOf(List.of(TREASURY, RISK));
    assertThat(both.isStillPossible(names("alice"))).isTrue();
    assertThat(both.isStillPossible(names("alice", "dave"))).isFalse();
  }

  @Test
  void hasATextThatIsReadBack() {
    Quorum quorum =
        new AllOf(List.of(TREASURY, new AnyOf(List.of(RISK, group("board", 1, "erin", "frank")))));
    assertThat(quorum.text())
        .isEqualTo(
            "all of (2 of treasury(alice,bob,carol); any of (1 of risk(carol,dave);"
                + " 1 of board(erin,frank)))");
    assertThat(Quorum.parse(quorum.text())).isEqualTo(quorum);
    Quorum rules = Quorum.combined(List.of(TREASURY, RISK));
    assertThat(rules.text())
        .isEqualTo("each of (1 of risk(carol,dave); 2 of treasury(alice,bob,carol))");
    assertThat(Quorum.parse(rules.text())).isEqualTo(rules);
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(TREASURY.words()).isEqualTo("2 of treasury (alice, bob, carol)");
    assertThat(TREASURY.missing(names("bob"), names("alice")))
        .isEqualTo("1 more of treasury (carol)");
    assertThat(TREASURY.missing(names("bob", "carol"), Set.of())).isEmpty();
    assertThat(TREASURY.missing(Set.of(), names("alice", "bob", "carol")))
        .isEqualTo("2 of treasury (nobody is left)");
    assertThat(new AllOf(List.of(TREASURY, RISK)).missing(names("bob"), Set.of()))
        .isEqualTo("1 more of treasury (alice, carol) and 1 of risk (carol, dave)");
    assertThat(new AnyOf(List.of(TREASURY, RISK)).missing(names("bob"), Set.of()))
        .isEqualTo("1 more of treasury (alice, carol), or 1 of risk (carol, dave)");
    assertThat(Quorum.combined(List.of(TREASURY, RISK)).missing(names("dave"), Set.of()))
        .isEqualTo("2 of treasury (alice, bob, carol)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "treasury",
        "0 of treasury(alice)",
        "2 of treasury(alice)",
        "01 of treasury(alice)",
        "1 of treasury()",
        "1 of treasury(bob,alice)",
        "1 of treasury(alice,alice)",
        "1 of treasury(alice, bob)",
        "1 of treasury(alice) ",
        "1 of Treasury(alice)",
        "1 of treasury(ali ce)",
        "1 of treasury(-alice)",
        "all of ()",
        "all of (1 of a(b); )",
        "all of (1 of a(b)",
        "all of (1 of a(b)))",
        "each of (1 of a(b))",
        "each of (1 of b(b); 1 of a(b))",
        "all of (each of (1 of a(b); 1 of b(b)))",
        "all of (all of (all of (all of (1 of a(b)))))",
        "99999999999 of a(b)"
      })
  void takesNoOtherText(String text) {
    assertThatThrownBy(() -> Quorum.parse(text)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void isBounded() {
    assertThatThrownBy(() -> group("a", 2, "b"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("1 to 1");
    AnyOf four = new AnyOf(Collections.nCopies(4, RISK));
    new AllOf(List.of(four, four, four));
    assertThatThrownBy(() -> new AllOf(List.of(four, four, four, four)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("fewer choices");
    String deep = "all of (".repeat(20_000) + "1 of a(b)" + ")".repeat(20_000);
    assertThatThrownBy(() -> Quorum.parse(deep)).isInstanceOf(InvalidValueException.class);
  }
}
