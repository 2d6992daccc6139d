package dev.countersign.core.freeze;

import dev.countersign.core.model.InvalidValueException;
import java.util.UUID;

/// Names one freeze for good, unlike any other of any deployment: an approval to lift one is good
/// for no other.
public record FreezeId(UUID value) {

  /// @throws InvalidValueException when it is not a UUID as it is written here
  public static FreezeId parse(String text) {
    try {
      FreezeId id = new FreezeId(UUID.fromString(text));
      if (id.toString().equals(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw InvalidValueException.of("freeze", text, "a UUID in lower case");
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
