package dev.countersign.nonce.node;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// How answers of several endpoints become one. As long as fewer of them lie than a quorum has, and
/// as many are honest as it has, no lie is ever the outcome.
final class Votes {
  private Votes() {}

  /// The value that a quorum has given, and more endpoints than any other value.
  static <T> Agreement<T> agreed(List<T> votes, int quorum) {
    Map<T, Integer> counts = new LinkedHashMap<>();
    votes.forEach(vote -> counts.merge(vote, 1, Integer::sum));
    List<Map.Entry<T, Integer>> order = new ArrayList<>(counts.entrySet());
    order.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    boolean isTied = order.size() > 1 && order.get(0).getValue().equals(order.get(1).getValue());
    if (order.isEmpty() || order.getFirst().getValue() < quorum || isTied) {
      return new Agreement.Split<>(
          "%d votes, %d must agree: %s"
              .formatted(votes.size(), quorum, NodeText.shown(counts.toString())));
    }
    return new Agreement.Agreed<>(order.getFirst().getKey());
  }

  /// The largest number that more have reached than may lie: a quorum, or all where fewer vote.
  static OptionalLong vouched(List<Long> votes, int quorum) {
    int enough = Math.max(Math.min(quorum, votes.size()), votes.size() - quorum + 1);
    return votes.isEmpty() ? OptionalLong.empty() : reached(votes, enough);
  }

  /// [#vouched] for prices: no lie of fewer than a quorum makes one higher, and none makes it lower
  /// where a quorum of honest ones is left.
  ///
  /// @param votes at least one
  static BigInteger vouchedPrice(List<BigInteger> votes, int quorum) {
    int enough = Math.max(Math.min(quorum, votes.size()), votes.size() - quorum + 1);
    return votes.stream().sorted(Comparator.reverseOrder()).toList().get(enough - 1);
  }

  /// The largest number that a quorum has reached. For what only grows, such as a head or a mined
  /// count: nodes that lag say less without lying.
  ///
  /// @return nothing when fewer than a quorum have voted
  static OptionalLong reached(List<Long> votes, int quorum) {
    return votes.size() < quorum
        ? OptionalLong.empty()
        : OptionalLong.of(
            votes.stream().sorted(Comparator.reverseOrder()).toList().get(quorum - 1));
  }
}
