package dev.countersign.cli.audit;

import picocli.CommandLine.Option;

/// The option that says how entries are shown.
final class OutputOption {
  @Option(
      names = "--output",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Lines for people, or one JSON entry a line. Default: ${DEFAULT-VALUE}")
  private String output = "text";

  EntryLines lines() {
    return EntryLines.named(output);
  }
}
