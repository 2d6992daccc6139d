package dev.countersign.policy.succession;

import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.approval.RuleQuorum.Members;
import dev.countersign.policy.approval.ApproverRegistryReader;
import dev.countersign.policy.rule.PolicyName;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problem;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads a founders' file: `format`, `deployment`, `founders` with their keys, and `quorum`, how
/// many of them it takes.
public final class FoundersReader {
  public static final String FORMAT = "countersign/founders/v1";

  /// What the founders are called in statements.
  public static final String GROUP = "founders";

  private static final List<String> KEYS = List.of("format", "deployment", GROUP, "quorum");

  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,3}");

  private final Problems problems = new Problems();

  private FoundersReader() {}

  /// What came of reading a founders' file.
  public sealed interface Reading {
    record Valid(Founders founders) implements Reading {}

    /// @param problems at least one, in the order of the file
    record Invalid(List<Problem> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }

      /// One line for each problem.
      public String text() {
        return String.join("\n", problems.stream().map(Problem::toString).toList());
      }
    }
  }

  /// Total: any bytes give founders, or everything that is wrong with them.
  public static Reading read(byte[] bytes) {
    return new FoundersReader().file(bytes);
  }

  private Reading file(byte[] bytes) {
    Optional<Founders> founders =
        YamlReader.read(bytes, problems)
            .flatMap(root -> Fields.of(root, "", problems))
            .flatMap(this::founders);
    return founders.isPresent() && problems.isEmpty()
        ? new Reading.Valid(founders.get())
        : new Reading.Invalid(problems.all());
  }

  private Optional<Founders> founders(Fields fields) {
    fields.refuseOthersThan(KEYS);
    fields
        .requireText("format", FORMAT)
        .filter(format -> !format.text().equals(FORMAT))
        .ifPresent(format -> wrong(format, fields, "format", FORMAT));
    Optional<Scalar> deployment = fields.requireText("deployment", PolicyName.FORM);
    deployment
        .filter(name -> !PolicyName.isValid(name.text()))
        .ifPresent(name -> wrong(name, fields, "deployment", PolicyName.FORM));
    ApproverRegistry registry = ApproverRegistryReader.people(fields, GROUP, problems);
    Optional<RuleQuorum> quorum =
        fields
            .requireText("quorum", "how many of the founders it takes")
            .flatMap(count -> quorum(count, fields, registry.approvers().keySet()));
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    return deployment.flatMap(name -> quorum.map(who -> new Founders(name.text(), registry, who)));
  }

  private Optional<RuleQuorum> quorum(Scalar count, Fields fields, Set<ApproverName> founders) {
    int asked = COUNT.matcher(count.text()).matches() ? Integer.parseInt(count.text()) : 0;
    if (asked < 1 || asked > founders.size() || founders.size() > Members.MOST_MEMBERS) {
      wrong(count, fields, "quorum", "a whole number from 1 to " + founders.size());
      return Optional.empty();
    }
    return Optional.of(Members.of(GROUP, founders, asked));
  }

  private void wrong(Scalar value, Fields fields, String key, String expected) {
    problems.add(value.at(), fields.path(key), "expected " + expected + ", got " + value.kind());
  }
}
