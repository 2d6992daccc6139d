package dev.countersign.policy.rule;

import dev.countersign.core.action.AbiValue;
import dev.countersign.core.model.Address;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What one argument of a call has to be.
///
/// @param place as it is written, such as `0.3`
/// @param path the position of an argument, then of members within it; nothing for each element of
///     an array
record ArgumentTest(String place, List<OptionalInt> path, Wanted wanted) {

  /// What is wanted of a value.
  sealed interface Wanted {
    boolean isMetBy(AbiValue value, Address own);

    /// @param own whether the wallet's own account is meant too
    record Addresses(Set<Address> addresses, boolean own, String text) implements Wanted {
      @Override
      public boolean isMetBy(AbiValue value, Address account) {
        return value instanceof AbiValue.Account(Address given)
            && (addresses.contains(given) || (own && given.equals(account)));
      }

      @Override
      public String toString() {
        return text;
      }
    }

    record Within(Optional<BigInteger> minimum, Optional<BigInteger> maximum) implements Wanted {
      @Override
      public boolean isMetBy(AbiValue value, Address account) {
        return value instanceof AbiValue.Whole(BigInteger given)
            && minimum.map(least -> given.compareTo(least) >= 0).orElse(true)
            && maximum.map(most -> given.compareTo(most) <= 0).orElse(true);
      }

      @Override
      public String toString() {
        String least = minimum.map(it -> "at least " + it).orElse("");
        String most = maximum.map(it -> "at most " + it).orElse("");
        return least + (least.isEmpty() || most.isEmpty() ? "" : " and ") + most;
      }
    }

    record OneOf(Set<AbiValue> values, String text) implements Wanted {
      @Override
      public boolean isMetBy(AbiValue value, Address account) {
        return values.contains(value);
      }

      @Override
      public String toString() {
        return text;
      }
    }
  }

  /// The first value at its place that is not what is wanted.
  Optional<AbiValue> unmet(List<AbiValue> arguments, Address own) {
    return unmet(new AbiValue.Many(arguments), 0, own);
  }

  private Optional<AbiValue> unmet(AbiValue value, int depth, Address own) {
    if (depth == path.size()) {
      return wanted.isMetBy(value, own) ? Optional.empty() : Optional.of(value);
    }
    if (!(value instanceof AbiValue.Many(List<AbiValue> values))) {
      return Optional.of(value);
    }
    OptionalInt position = path.get(depth);
    if (position.isPresent()) {
      return position.getAsInt() < values.size()
          ? unmet(values.get(position.getAsInt()), depth + 1, own)
          : Optional.of(value);
    }
    for (AbiValue each : values) {
      Optional<AbiValue> unmet = unmet(each, depth + 1, own);
      if (unmet.isPresent()) {
        return unmet;
      }
    }
    return Optional.empty();
  }

  /// The first of `values` that is not what is wanted, for people.
  static String observed(List<ArgumentTest> tests, List<AbiValue> values, Address own) {
    return tests.stream()
        .flatMap(test -> test.unmet(values, own).map(it -> test.place() + " is " + it).stream())
        .findFirst()
        .orElse("all of that");
  }

  @Override
  public String toString() {
    return place + " " + wanted;
  }
}
