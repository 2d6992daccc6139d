package dev.countersign.cli.sandbox;

/// The little YAML that is written here.
final class Yaml {
  private Yaml() {}

  /// {@return any text as a double-quoted scalar}
  static String text(Object text) {
    return '"' + text.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
