package dev.countersign.cli.approval;

import dev.countersign.cli.CommandException;
import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Asks a person before anything is signed.
public final class Confirmation {
  @Option(names = "--yes", description = "Sign without asking: for scripts that judge by others.")
  private boolean yes;

  /// @param word what has to be typed
  /// @throws CommandException when something else is, or nobody is there
  public void ask(String word) {
    if (yes) {
      return;
    }
    Console console =
        Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .orElseThrow(
                () ->
                    CommandException.usage(
                        "there is no terminal to ask at: give --yes to sign as it is"));
    if (!word.equals(console.readLine("type %s to sign: ", word))) {
      throw CommandException.no("nothing was signed");
    }
  }
}
