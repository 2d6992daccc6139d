package dev.countersign.policy.yaml;

/// One thing that is wrong with a document.
///
/// @param path such as `rules[2].maximum`, or empty for the document as a whole
/// @param message what was expected, what is there, and what to do where that is not plain
public record Problem(Position at, String path, String message) {

  /// In one line, as compilers do: `12:7 rules[2].maximum: expected …`.
  @Override
  public String toString() {
    return path.isEmpty() ? at + " " + message : at + " " + path + ": " + message;
  }
}
