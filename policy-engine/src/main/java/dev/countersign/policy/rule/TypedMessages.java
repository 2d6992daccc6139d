package dev.countersign.policy.rule;

import dev.countersign.core.action.Deed;
import dev.countersign.core.typeddata.TypedData;
import dev.countersign.core.typeddata.TypedDataReading;
import dev.countersign.policy.yaml.Position;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.util.Optional;

/// What the criteria about typed messages share.
final class TypedMessages {
  private TypedMessages() {}

  /// The data of a typed message; nothing for any other action.
  static Optional<TypedData> data(JudgedAction action) {
    return action.action().deed() instanceof Deed.TypedMessage message
            && TypedData.read(message.json()) instanceof TypedDataReading.Read(TypedData data)
        ? Optional.of(data)
        : Optional.empty();
  }

  /// Such a criterion stands in rules about typed messages alone, so that nobody has to know what
  /// it would say of others.
  static void refuseUnlessAlone(YamlNode value, String key, RuleContext rule) {
    Position at = value.at();
    boolean alone =
        rule.sibling(OperationCriterion.KIND.key()).orElse(null) instanceof Sequence operations
            && operations.items().size() == 1
            && operations.items().getFirst() instanceof Scalar operation
            && operation.text().equals(Operation.TYPED_MESSAGE.toString());
    if (!alone) {
      rule.problem(at, key, "only with `operations: [typed-message]`, and nothing beside it");
    }
  }
}
