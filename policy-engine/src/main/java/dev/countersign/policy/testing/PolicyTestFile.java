package dev.countersign.policy.testing;

import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.PolicyForecast;
import dev.countersign.policy.yaml.Problem;
import java.nio.file.Path;
import java.util.List;

/// A file of examples, read together with the policy it is about.
///
/// @param policyFile where the policy was read
/// @param cases at least one, in the order of the file
public record PolicyTestFile(Path policyFile, PolicyDocument policy, List<PolicyCase> cases) {
  public PolicyTestFile {
    cases = List.copyOf(cases);
  }

  /// Judges every case, in the order of the file.
  public List<CaseResult> run() {
    return cases.stream().map(example -> CaseResult.of(policy, example)).toList();
  }

  /// What the policy says of every case, in full and in the order of the file.
  public List<Forecast> explain() {
    PolicyVersion version = new PolicyVersion(0, policy.hash());
    return cases.stream()
        .map(
            example ->
                PolicyForecast.of(
                    version, policy, example.subject(), example.payload(), example::spent))
        .toList();
  }

  /// What came of reading a file.
  public sealed interface Reading {
    record Valid(PolicyTestFile file) implements Reading {}

    /// @param file the one that is wrong: the test file, or the policy it names
    /// @param problems at least one, in the order of that file
    record Invalid(Path file, List<Problem> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }

      /// One line for each problem: `FILE:12:7 cases[2].to: expected …`.
      public String text() {
        return String.join("\n", problems.stream().map(each -> file + ":" + each).toList());
      }
    }
  }
}
