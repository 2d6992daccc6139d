package dev.countersign.cli;

/// The exit codes of every command. Scripts rely on them.
public final class ExitCode {
  /// Done, and the answer is yes.
  public static final int OK = 0;

  /// The question was answered, and the answer is no: a transfer was denied or failed, a log does
  /// not verify, the server refused the request.
  public static final int NO = 1;

  /// The command line is wrong.
  public static final int USAGE = 2;

  /// The question could not be answered: no server, a missing tool, an unreadable file.
  public static final int UNAVAILABLE = 3;

  /// A bug in the program.
  public static final int BUG = 70;

  private ExitCode() {}
}
