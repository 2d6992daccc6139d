package dev.countersign.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What a command said, and its exit code.
record Run(int exitCode, String out, String err) {
  static Run of(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Countersign.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Run(code, out.toString(), err.toString());
  }
}
