package dev.countersign.policy.rule;

import dev.countersign.core.action.AbiValue;
import dev.countersign.core.action.Deed;
import dev.countersign.core.action.StatedFunction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// `arguments`: what a `function` is given. Where the call's bytes are not the one encoding of the
/// function's arguments nobody can tell what the contract will read: a rule that allows does not
/// match then, and one that restricts does.
///
/// @param restricts whether its rule does
public record ArgumentsCriterion(
    StatedFunction function, List<ArgumentTest> tests, boolean restricts)
    implements ActionCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "arguments",
          CriterionKind.Presence.OPTIONAL,
          "a list such as [{at: 0, in: [own-account]}, {at: 1, maximum: 5}]",
          ArgumentsReader::read);

  public ArgumentsCriterion {
    tests = List.copyOf(tests);
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return read(action)
        .map(
            arguments ->
                tests.stream()
                    .allMatch(test -> test.unmet(arguments, action.subject().account()).isEmpty()))
        .orElse(restricts);
  }

  private Optional<List<AbiValue>> read(JudgedAction action) {
    return action.action().deed() instanceof Deed.ContractCall call
        ? function.read(call.data())
        : Optional.empty();
  }

  @Override
  public String expected() {
    return tests.stream().map(ArgumentTest::toString).collect(Collectors.joining("; "));
  }

  @Override
  public boolean observesAlike() {
    return false;
  }

  @Override
  public String observed(JudgedAction action) {
    return read(action)
        .map(arguments -> ArgumentTest.observed(tests, arguments, action.subject().account()))
        .orElse("bytes that are not the one encoding of its arguments");
  }
}
