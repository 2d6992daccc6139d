package dev.countersign.policy.diff;

import dev.countersign.policy.price.Money;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;

/// What one criterion of a rule lets through, compared with what another of the same key does.
sealed interface Extent {

  /// Everything.
  record Any() implements Extent {}

  /// What has one of these values.
  record Values(Set<String> values) implements Extent {
    public Values {
      values = Set.copyOf(values);
    }
  }

  /// What is at most this.
  record AtMost(BigInteger most) implements Extent {}

  /// What is more than this.
  record MoreThan(BigInteger least) implements Extent {}

  /// What is worth at most this.
  record WorthAtMost(Money most) implements Extent {}

  /// What is worth more than this.
  record WorthMoreThan(Money least) implements Extent {}

  /// Something this comparison does not know the meaning of.
  record Unknown(String text) implements Extent {}

  /// How `after` compares with this one.
  default Breadth to(Extent after) {
    if (equals(after)) {
      return Breadth.SAME;
    }
    if (this instanceof Unknown || after instanceof Unknown) {
      return Breadth.OTHER;
    }
    if (after instanceof Any) {
      return Breadth.WIDER;
    }
    if (this instanceof Any) {
      return Breadth.NARROWER;
    }
    if (this instanceof Values(Set<String> old) && after instanceof Values(Set<String> now)) {
      if (now.containsAll(old)) {
        return Breadth.WIDER;
      }
      return old.containsAll(now) ? Breadth.NARROWER : Breadth.OTHER;
    }
    if (this instanceof AtMost(BigInteger old) && after instanceof AtMost(BigInteger now)) {
      return now.compareTo(old) > 0 ? Breadth.WIDER : Breadth.NARROWER;
    }
    if (this instanceof MoreThan(BigInteger old) && after instanceof MoreThan(BigInteger now)) {
      return now.compareTo(old) < 0 ? Breadth.WIDER : Breadth.NARROWER;
    }
    if (this instanceof WorthAtMost(Money old)
        && after instanceof WorthAtMost(Money now)
        && old.currency().equals(now.currency())) {
      return breadth(now.amount().compareTo(old.amount()));
    }
    if (this instanceof WorthMoreThan(Money old)
        && after instanceof WorthMoreThan(Money now)
        && old.currency().equals(now.currency())) {
      return breadth(old.amount().compareTo(now.amount()));
    }
    return Breadth.OTHER;
  }

  private static Breadth breadth(int wider) {
    return wider == 0 ? Breadth.SAME : wider > 0 ? Breadth.WIDER : Breadth.NARROWER;
  }

  /// As values; `any` where there is no condition.
  default List<String> shown() {
    return switch (this) {
      case Any() -> List.of("any");
      case Values(Set<String> values) -> values.stream().sorted().toList();
      case AtMost(BigInteger most) -> List.of(most.toString());
      case MoreThan(BigInteger least) -> List.of(least.toString());
      case WorthAtMost(Money most) -> List.of(most.toString());
      case WorthMoreThan(Money least) -> List.of(least.toString());
      case Unknown(String text) -> List.of(text);
    };
  }
}
