package dev.countersign.core.approval;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Slug;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Who has to approve, as one rule asks it.
///
/// An approval serves one group only: who is in two groups that both are asked counts in one of
/// them, in whichever makes the quorum met. So `all of (1 of treasury; 1 of risk)` takes two people
/// always, also where somebody is in both: who asks for two groups wants two pairs of eyes.
public sealed interface RuleQuorum extends Quorum {
  /// How deep quorums may nest.
  int MOST_DEPTH = 4;

  /// In how many ways one may be met, by the choices that [AnyOf] gives.
  int MOST_WAYS = 64;

  /// The choices: lists of groups of which one has to be met as a whole.
  List<List<Members>> ways();

  /// How many levels it has; 1 for [Members].
  int depth();

  @Override
  default boolean isMetBy(Set<ApproverName> approvers) {
    return ways().stream().anyMatch(way -> Assignment.of(way, approvers).isComplete());
  }

  @Override
  default String missing(Set<ApproverName> approvers, Set<ApproverName> without) {
    if (isMetBy(approvers)) {
      return "";
    }
    Set<String> ways = new LinkedHashSet<>();
    for (List<Members> way : ways()) {
      ways.add(Assignment.of(way, approvers).missing(without));
    }
    return String.join(", or ", ways);
  }

  /// `count` of the members of a group.
  ///
  /// @param group the group's name, for people; who is in it is `members`
  record Members(String group, SortedSet<ApproverName> members, int count) implements RuleQuorum {
    /// The most people a group may have.
    public static final int MOST_MEMBERS = 256;

    public Members {
      Slug.check("group", group);
      members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
      if (members.size() > MOST_MEMBERS) {
        throw InvalidValueException.of(
            "group " + group, members.size() + " members", "at most " + MOST_MEMBERS);
      }
      if (count < 1 || count > members.size()) {
        throw InvalidValueException.of(
            "count of group " + group,
            Integer.toString(count),
            members.isEmpty() ? "a group with members" : "1 to " + members.size());
      }
    }

    public static Members of(String group, Collection<ApproverName> members, int count) {
      return new Members(group, new TreeSet<>(members), count);
    }

    @Override
    public String text() {
      return members.stream()
          .map(ApproverName::value)
          .collect(Collectors.joining(",", count + " of " + group + "(", ")"));
    }

    @Override
    public List<List<Members>> ways() {
      return List.of(List.of(this));
    }

    @Override
    public int depth() {
      return 1;
    }
  }

  /// All of them, by distinct people.
  record AllOf(List<RuleQuorum> parts) implements RuleQuorum {
    public AllOf {
      parts = NestedQuorums.check("all of", parts);
      NestedQuorums.checkWays(NestedQuorums.product(parts));
    }

    @Override
    public String text() {
      return QuorumText.nested("all of", parts);
    }

    @Override
    public SortedSet<ApproverName> members() {
      return NestedQuorums.members(parts);
    }

    @Override
    public List<List<Members>> ways() {
      return NestedQuorums.combinations(parts);
    }

    @Override
    public int depth() {
      return NestedQuorums.depth(parts);
    }
  }

  /// One of them.
  record AnyOf(List<RuleQuorum> parts) implements RuleQuorum {
    public AnyOf {
      parts = NestedQuorums.check("any of", parts);
      NestedQuorums.checkWays(NestedQuorums.sum(parts));
    }

    @Override
    public String text() {
      return QuorumText.nested("any of", parts);
    }

    @Override
    public SortedSet<ApproverName> members() {
      return NestedQuorums.members(parts);
    }

    @Override
    public List<List<Members>> ways() {
      return parts.stream().flatMap(part -> part.ways().stream()).toList();
    }

    @Override
    public int depth() {
      return NestedQuorums.depth(parts);
    }
  }
}
