package dev.countersign.policy.rule;

import dev.countersign.core.action.AbiType;
import dev.countersign.core.action.AbiValue;
import dev.countersign.core.action.StatedFunction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.typeddata.EncodedType;
import dev.countersign.policy.rule.ArgumentTest.Wanted;
import dev.countersign.policy.rule.DestinationCriterion.Destination;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads `arguments`, each by the type that `function` gives it, and `fields` by that of
/// `primaryType`.
public final class ArgumentsReader {
  public static final List<String> KEYS = List.of("at", "in", "minimum", "maximum");
  static final String OWN_ACCOUNT = "own-account";
  private static final String EACH = "*";
  private static final String AT_FORM =
      "the place of an argument counted from 0, such as 1, 0.3 for a member, 2.* for each element";
  private static final String FIELD_FORM =
      "the name of a field, such as maker, asset.token for a member, assets.*.token for each"
          + " element";
  private static final Pattern POSITION = Pattern.compile("0|[1-9][0-9]{0,3}");
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,77})");

  private ArgumentsReader() {}

  static Optional<ArgumentsCriterion> read(YamlNode value, RuleContext rule) {
    String key = ArgumentsCriterion.KIND.key();
    Optional<YamlNode> stated = rule.sibling(FunctionCriterion.KEY);
    if (stated.isEmpty()) {
      rule.problem(value.at(), key, "only with `function`, which says what they are");
      return Optional.empty();
    }
    Optional<StatedFunction> function = FunctionCriterion.stated(stated.get());
    return function
        .flatMap(
            it ->
                tests(
                    value, ArgumentsCriterion.KIND, rule, AT_FORM, place -> inFunction(it, place)))
        .map(
            tests ->
                new ArgumentsCriterion(
                    function.orElseThrow(), tests, rule.effect() != Effect.ALLOW));
  }

  static Optional<MessageFieldsCriterion> readFields(YamlNode value, RuleContext rule) {
    CriterionKind kind = MessageFieldsCriterion.KIND;
    Optional<YamlNode> stated = rule.sibling(PrimaryTypeCriterion.KEY);
    Optional<EncodedType> type = stated.flatMap(PrimaryTypeCriterion::encoded);
    if (type.isEmpty()) {
      rule.problem(
          value.at(),
          kind.key(),
          "only with a `primaryType` that says which there are: " + EncodedType.FORM);
      return Optional.empty();
    }
    return tests(value, kind, rule, FIELD_FORM, place -> inMessage(type.get(), place))
        .map(tests -> new MessageFieldsCriterion(type.get(), tests));
  }

  /// Where a value is, and of what type.
  private record Located(List<OptionalInt> path, AbiType type) {}

  private static Optional<List<ArgumentTest>> tests(
      YamlNode value,
      CriterionKind kind,
      RuleContext rule,
      String atForm,
      Function<String, Located> locate) {
    if (!(value instanceof Sequence sequence) || sequence.items().isEmpty()) {
      rule.problem(value.at(), kind.key(), "expected " + kind.form() + ", got " + value.kind());
      return Optional.empty();
    }
    List<ArgumentTest> tests = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      String place = kind.key() + "[" + i + "]";
      Fields.of(sequence.items().get(i), rule.fields().path(place), rule.fields().problems())
          .flatMap(fields -> test(fields, place, rule, atForm, locate))
          .ifPresent(tests::add);
    }
    return tests.size() == sequence.items().size() ? Optional.of(tests) : Optional.empty();
  }

  private static Optional<ArgumentTest> test(
      Fields fields,
      String key,
      RuleContext rule,
      String atForm,
      Function<String, Located> locate) {
    fields.refuseOthersThan(KEYS);
    Optional<Scalar> at = fields.requireText("at", atForm);
    if (at.isEmpty()) {
      return Optional.empty();
    }
    try {
      Located found = locate.apply(at.get().text());
      return wanted(found.type(), fields, key, rule)
          .map(wanted -> new ArgumentTest(at.get().text(), found.path(), wanted));
    } catch (InvalidValueException e) {
      rule.problem(
          at.get().at(), key + ".at", "expected " + e.expected() + ", got " + at.get().kind());
      return Optional.empty();
    }
  }

  private static Located inFunction(StatedFunction function, String place) {
    List<OptionalInt> path = new ArrayList<>();
    AbiType type = new AbiType(AbiType.Kind.STRUCT, function.toString(), function.parameters());
    for (String step : place.split("\\.", -1)) {
      path.add(step.equals(EACH) ? OptionalInt.empty() : OptionalInt.of(position(step)));
      type = within(type, step);
    }
    return new Located(path, type);
  }

  private static Located inMessage(EncodedType type, String place) {
    EncodedType.Found found = type.find(place);
    return new Located(found.path(), AbiType.parse(found.typeName()));
  }

  private static int position(String step) {
    if (!POSITION.matcher(step).matches()) {
      throw InvalidValueException.of("at", step, AT_FORM);
    }
    return Integer.parseInt(step);
  }

  private static AbiType within(AbiType type, String step) {
    return switch (type.kind()) {
      case STRUCT -> {
        if (step.equals(EACH) || position(step) >= type.parts().size()) {
          throw InvalidValueException.of(
              "at",
              step,
              "one of the %d places of %s, counted from 0"
                  .formatted(type.parts().size(), type.name()));
        }
        yield type.parts().get(position(step));
      }
      case ARRAY -> type.parts().getFirst();
      default -> throw InvalidValueException.of("at", step, "nothing within " + type.name());
    };
  }

  private static Optional<Wanted> wanted(
      AbiType type, Fields fields, String key, RuleContext rule) {
    Optional<YamlNode> in = fields.find("in");
    boolean isRange = fields.find("minimum").isPresent() || fields.find("maximum").isPresent();
    if (in.isPresent() == isRange) {
      rule.problem(fields.mapping().at(), key, "expected either `in`, or `minimum` and `maximum`");
      return Optional.empty();
    }
    if (in.isPresent()) {
      return oneOf(type, in.get(), key + ".in", rule);
    }
    if (type.kind() != AbiType.Kind.NUMBER) {
      rule.problem(
          fields.mapping().at(), key, "%s is no number: expected `in`".formatted(type.name()));
      return Optional.empty();
    }
    Optional<Optional<BigInteger>> minimum = bound(fields, "minimum", key, rule);
    Optional<Optional<BigInteger>> maximum = bound(fields, "maximum", key, rule);
    return minimum.flatMap(least -> maximum.map(most -> new Wanted.Within(least, most)));
  }

  private static Optional<Optional<BigInteger>> bound(
      Fields fields, String key, String place, RuleContext rule) {
    Optional<YamlNode> value = fields.find(key);
    if (value.isEmpty()) {
      return Optional.of(Optional.empty());
    }
    try {
      if (value.get() instanceof Scalar text) {
        return Optional.of(Optional.of(number(text.text())));
      }
    } catch (InvalidValueException e) {
      // Told below, together with what is no text.
    }
    rule.problem(
        value.get().at(),
        place + "." + key,
        "expected a whole number, or an amount such as 1.5 ether, got " + value.get().kind());
    return Optional.empty();
  }

  private static BigInteger number(String text) {
    return NUMBER.matcher(text).matches() ? new BigInteger(text) : AmountText.parseNative(text);
  }

  private static Optional<Wanted> oneOf(
      AbiType type, YamlNode value, String key, RuleContext rule) {
    String form = "a list of values of " + type.name();
    if (value instanceof Scalar) {
      rule.problem(value.at(), key, "expected " + form + ", got " + value.kind());
      return Optional.empty();
    }
    return switch (type.kind()) {
      case ADDRESS ->
          ValueList.read(value, key, form, rule, text -> place(text, rule))
              .map(ArgumentsReader::addresses);
      case NUMBER, FLAG, DATA, TEXT ->
          ValueList.read(value, key, form, rule, text -> value(type, text))
              .map(values -> new Wanted.OneOf(Set.copyOf(values), ValueList.oneOf(values)));
      case ARRAY, STRUCT -> {
        rule.problem(
            value.at(), key, "%s has values within: say which in `at`".formatted(type.name()));
        yield Optional.empty();
      }
    };
  }

  private static Destination place(String text, RuleContext rule) {
    return text.equals(OWN_ACCOUNT)
        ? new Destination(OWN_ACCOUNT, Set.of())
        : DestinationCriterion.destination(text, rule.addresses());
  }

  private static Wanted addresses(List<Destination> listed) {
    Set<Address> all = new HashSet<>(DestinationCriterion.union(listed));
    boolean own = listed.stream().anyMatch(place -> place.text().equals(OWN_ACCOUNT));
    return new Wanted.Addresses(Set.copyOf(all), own, ValueList.oneOf(listed));
  }

  private static AbiValue value(AbiType type, String text) {
    return switch (type.kind()) {
      case NUMBER -> {
        if (!NUMBER.matcher(text).matches()) {
          throw InvalidValueException.of("number", text, "a whole number");
        }
        yield new AbiValue.Whole(new BigInteger(text));
      }
      case FLAG ->
          switch (text) {
            case "true" -> new AbiValue.Flag(true);
            case "false" -> new AbiValue.Flag(false);
            default -> throw InvalidValueException.of("bool", text, "true or false");
          };
      case DATA -> new AbiValue.Data(Bytes.fromHex(text));
      default -> new AbiValue.Text(text);
    };
  }
}
