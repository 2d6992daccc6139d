package dev.countersign.core.approval;

import dev.countersign.core.model.InvalidValueException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Who has to approve a request. More approvers never make a quorum that is met one that is not.
public sealed interface Quorum permits RuleQuorum, Quorum.EachOf {

  /// One line of ASCII, which [#parse] reads: `2 of treasury(alice,bob,carol)`, `all of (…; …)`,
  /// `any of (…; …)`, `each of (…; …)`.
  String text();

  /// Everybody who counts in it.
  SortedSet<ApproverName> members();

  /// @param approvers distinct people; those who are not members change nothing
  boolean isMetBy(Set<ApproverName> approvers);

  /// What is still needed, for people; empty when it is met. Where a member could serve in two
  /// groups it names one way to meet it.
  ///
  /// @param approvers who approved
  /// @param without who cannot approve, and is not named
  String missing(Set<ApproverName> approvers, Set<ApproverName> without);

  /// Whether the members could meet it when nobody of `without` ever approves.
  default boolean isStillPossible(Set<ApproverName> without) {
    Set<ApproverName> left = new TreeSet<>(members());
    left.removeAll(without);
    return isMetBy(left);
  }

  /// What is needed, for people.
  default String words() {
    return missing(Set.of(), Set.of());
  }

  /// Reads [#text], and nothing that is not exactly what it gives.
  ///
  /// @throws InvalidValueException on any other text
  static Quorum parse(String text) {
    return QuorumText.parse(text);
  }

  /// What the rules that match ask of one request. For the same asked twice once is enough.
  ///
  /// @param asked one or more
  static Quorum combined(List<RuleQuorum> asked) {
    List<RuleQuorum> distinct = List.copyOf(new LinkedHashSet<>(asked));
    return distinct.size() == 1 ? distinct.getFirst() : new EachOf(distinct);
  }

  /// What several rules ask. Each is met on its own: an approval serves every one that its approver
  /// is in, for it is the same request that each rule wants to be seen by its people.
  ///
  /// @param parts two or more, kept in the order of their text, none twice
  record EachOf(List<RuleQuorum> parts) implements Quorum {
    public EachOf {
      parts = parts.stream().distinct().sorted(Comparator.comparing(Quorum::text)).toList();
      if (parts.size() < 2) {
        throw InvalidValueException.of("each of", parts.toString(), "two or more quorums");
      }
    }

    @Override
    public String text() {
      return QuorumText.nested("each of", parts);
    }

    @Override
    public SortedSet<ApproverName> members() {
      return parts.stream()
          .flatMap(part -> part.members().stream())
          .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public boolean isMetBy(Set<ApproverName> approvers) {
      return parts.stream().allMatch(part -> part.isMetBy(approvers));
    }

    @Override
    public String missing(Set<ApproverName> approvers, Set<ApproverName> without) {
      return parts.stream()
          .map(part -> part.missing(approvers, without))
          .filter(words -> !words.isEmpty())
          .collect(Collectors.joining("; and "));
    }
  }
}
