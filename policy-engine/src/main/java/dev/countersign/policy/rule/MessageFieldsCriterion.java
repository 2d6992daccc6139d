package dev.countersign.policy.rule;

import dev.countersign.core.action.AbiValue;
import dev.countersign.core.typeddata.EncodedType;
import dev.countersign.core.typeddata.TypedData;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// `fields`: what is in typed data of the type that `primaryType` encodes.
public record MessageFieldsCriterion(EncodedType type, List<ArgumentTest> tests)
    implements ActionCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "fields",
          CriterionKind.Presence.OPTIONAL,
          "a list such as [{at: maker, in: [own-account]}, {at: assets.*.amount, maximum: 5}]",
          ArgumentsReader::readFields);

  public MessageFieldsCriterion {
    tests = List.copyOf(tests);
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return message(action)
        .filter(
            values ->
                tests.stream()
                    .allMatch(test -> test.unmet(values, action.subject().account()).isEmpty()))
        .isPresent();
  }

  /// Of another type nothing: `primaryType` does not hold then either.
  private Optional<List<AbiValue>> message(JudgedAction action) {
    return TypedMessages.data(action)
        .filter(data -> data.encodedType().equals(type.toString()))
        .map(TypedData::message)
        .map(message -> message.values().stream().map(AbiValue::of).toList());
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
    return message(action)
        .map(values -> ArgumentTest.observed(tests, values, action.subject().account()))
        .orElse("a message of another type");
  }
}
