package dev.countersign.nonce.check;

/// What one check of a chain's definition has found out.
///
/// @param endpoint its number and address without what may be a secret, or `all`
/// @param check what was looked at, such as `chain id`
/// @param detail what is so, and what was expected where it is not
public record Finding(String endpoint, String check, Outcome outcome, String detail) {

  /// What it means for the definition.
  public enum Outcome {
    /// It is as the definition says.
    FINE,
    /// Worth knowing, and no fault.
    NOTED,
    /// It is not as the definition says.
    WRONG,
    /// The node did not answer.
    NO_ANSWER
  }
}
