package dev.countersign.core.approval;

import dev.countersign.core.model.InvalidValueException;
import java.util.UUID;

/// The name of a proposed policy, a UUID. It is in the statement, so that an approval of one
/// proposal is none of another with the same document.
public record ProposalId(UUID value) {

  /// @throws InvalidValueException when it is not a UUID in its one form
  public static ProposalId parse(String text) {
    try {
      ProposalId id = new ProposalId(UUID.fromString(text));
      if (id.toString().equals(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw InvalidValueException.of("proposal", text, "a UUID in lower case");
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
