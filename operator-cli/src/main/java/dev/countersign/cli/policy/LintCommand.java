package dev.countersign.cli.policy;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign policy lint`.
@Command(
    name = "lint",
    description = "Reads policies as a server would, and says all that is wrong, line by line.")
public final class LintCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Policies, in YAML.")
  private List<Path> files = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    int worst = ExitCode.OK;
    for (Path file : files) {
      worst = Math.max(worst, lint(file));
    }
    return worst;
  }

  private int lint(Path file) {
    return switch (PolicyDocumentReader.read(bytes(file))) {
      case Reading.Valid(PolicyDocument policy) -> {
        int rules = policy.rules().size();
        spec.commandLine()
            .getOut()
            .println(
                "%s: %d %s, nothing wrong; SHA-256 %s"
                    .formatted(file, rules, rules == 1 ? "rule" : "rules", policy.hash().hex()));
        yield ExitCode.OK;
      }
      case Reading.Invalid(List<Problem> problems) -> {
        for (Problem problem : problems) {
          spec.commandLine().getErr().println(LogWords.lines(file + ":" + problem));
        }
        yield ExitCode.NO;
      }
    };
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw CommandException.unavailable(file + " is not a file you can read", e);
    }
  }
}
