package dev.countersign.cli;

/// Ends a command with a message for the person who ran it.
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  private CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /// The answer is no ([ExitCode#NO]).
  public static CommandException no(String message) {
    return new CommandException(ExitCode.NO, message);
  }

  /// The command line is wrong in a way its syntax does not show ([ExitCode#USAGE]).
  public static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }

  /// There is no answer ([ExitCode#UNAVAILABLE]).
  ///
  /// @param message what was wrong, what was expected, what to do
  public static CommandException unavailable(String message) {
    return new CommandException(ExitCode.UNAVAILABLE, message);
  }

  /// There is no answer ([ExitCode#UNAVAILABLE]).
  ///
  /// @param message what was wrong, what was expected, what to do
  public static CommandException unavailable(String message, Throwable cause) {
    return new CommandException(ExitCode.UNAVAILABLE, message, cause);
  }

  /// {@return one of [ExitCode]}
  public int exitCode() {
    return exitCode;
  }
}
