package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.typeddata.EncodedType;
import dev.countersign.core.typeddata.TypedData;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.regex.Pattern;

/// `primaryType`: the type of typed data (EIP-712), by its name, or as it is encoded with all its
/// fields, so that `fields` can be about them.
///
/// @param type the name, or the encoded type
/// @param isEncoded whether it is the latter
public record PrimaryTypeCriterion(String type, boolean isEncoded) implements ActionCriterion {
  static final String KEY = "primaryType";

  static final CriterionKind KIND =
      new CriterionKind(
          KEY,
          CriterionKind.Presence.OPTIONAL,
          "the name of a type such as Order, or " + EncodedType.FORM,
          PrimaryTypeCriterion::read);

  private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]{0,99}");

  private static Optional<PrimaryTypeCriterion> read(YamlNode value, RuleContext rule) {
    TypedMessages.refuseUnlessAlone(value, KEY, rule);
    if (value instanceof Scalar text && NAME.matcher(text.text()).matches()) {
      return Optional.of(new PrimaryTypeCriterion(text.text(), false));
    }
    Optional<EncodedType> encoded = encoded(value);
    if (encoded.isEmpty()) {
      rule.problem(value.at(), KEY, "expected " + KIND.form() + ", got " + value.kind());
    }
    return encoded.map(type -> new PrimaryTypeCriterion(type.toString(), true));
  }

  /// What is wrong is told where the type itself is read.
  static Optional<EncodedType> encoded(YamlNode value) {
    try {
      return value instanceof Scalar text
          ? Optional.of(EncodedType.parse(text.text()))
          : Optional.empty();
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public boolean holds(JudgedAction action) {
    return TypedMessages.data(action).filter(data -> of(data).equals(type)).isPresent();
  }

  private String of(TypedData data) {
    return isEncoded ? data.encodedType() : data.primaryType();
  }

  @Override
  public String expected() {
    return type;
  }

  @Override
  public boolean observesAlike() {
    return false;
  }

  @Override
  public String observed(JudgedAction action) {
    return TypedMessages.data(action).map(this::of).orElse("no typed message");
  }
}
