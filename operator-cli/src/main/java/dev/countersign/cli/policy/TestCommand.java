package dev.countersign.cli.policy;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.terminal.Table;
import dev.countersign.policy.testing.CaseResult;
import dev.countersign.policy.testing.PolicyTestFile;
import dev.countersign.policy.testing.PolicyTestFile.Reading;
import dev.countersign.policy.testing.PolicyTestReader;
import dev.countersign.policy.testing.TestCoverage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign policy test`.
@Command(
    name = "test",
    description = {
      "Judges example requests by the policy that their file names, and tells where the verdict is"
          + " not the expected one."
    })
public final class TestCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files of examples and expected verdicts, in YAML.")
  private List<Path> files = List.of();

  @Option(
      names = "--coverage",
      description = {
        "Say in how many cases each rule matched, and which never did. Does not change the exit"
            + " code."
      })
  private boolean coverage;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    int worst = ExitCode.OK;
    for (Path file : files) {
      int code =
          switch (read(file)) {
            case Reading.Valid(PolicyTestFile tests) -> run(file, tests);
            case Reading.Invalid invalid -> {
              complain(invalid.text());
              yield ExitCode.NO;
            }
          };
      worst = Math.max(worst, code);
    }
    return worst;
  }

  private static Reading read(Path file) {
    try {
      return PolicyTestReader.read(file);
    } catch (IOException e) {
      throw CommandException.unavailable(file + " is not a file you can read", e);
    }
  }

  private int run(Path file, PolicyTestFile tests) {
    List<CaseResult> results = tests.run();
    var table = new Table("CASE", "VERDICT", "BY", "");
    for (CaseResult result : results) {
      table.add(
          List.of(
              LogWords.lines(result.example().name()),
              result.answerText(),
              String.join(", ", result.rules()),
              result.isExpected() ? "as expected" : "NOT as expected"));
    }
    var out = spec.commandLine().getOut();
    out.println("%s, by %s:".formatted(file, tests.policyFile()));
    table.print(out);
    List<CaseResult> different = results.stream().filter(it -> !it.isExpected()).toList();
    out.println(
        "%d of %d as expected".formatted(results.size() - different.size(), results.size()));
    if (coverage) {
      print(TestCoverage.of(tests), out);
    }
    out.flush();
    different.forEach(
        result -> {
          complain("%s:%s %s".formatted(file, result.example().at(), result.example().name()));
          result.explanation().forEach(line -> complain("  " + line));
        });
    return different.isEmpty() ? ExitCode.OK : ExitCode.NO;
  }

  private static void print(List<TestCoverage> rules, PrintWriter out) {
    var table = new Table("RULE", "EFFECT", "MATCHED IN CASES");
    rules.forEach(
        rule -> table.add(List.of(rule.rule(), rule.effect(), String.valueOf(rule.cases()))));
    table.print(out);
    List<String> never =
        rules.stream().filter(rule -> rule.cases() == 0).map(TestCoverage::rule).toList();
    out.println(
        "%d of %d rules matched%s"
            .formatted(
                rules.size() - never.size(),
                rules.size(),
                never.isEmpty() ? "" : "; never: " + String.join(", ", never)));
  }

  private void complain(String lines) {
    spec.commandLine().getErr().println(LogWords.lines(lines));
  }
}
