package dev.countersign.core.typeddata;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/// A JSON value without `null` and without fractions.
sealed interface Json {
  record Text(String value) implements Json {}

  record Whole(BigInteger value) implements Json {}

  record Flag(boolean value) implements Json {}

  record Items(List<Json> values) implements Json {}

  /// @param members in the order in which they stand
  record Members(Map<String, Json> members) implements Json {}
}
