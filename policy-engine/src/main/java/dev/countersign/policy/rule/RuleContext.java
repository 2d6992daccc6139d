package dev.countersign.policy.rule;

import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Position;
import dev.countersign.policy.yaml.YamlNode;
import java.util.Optional;

/// The rule that a criterion is read in.
///
/// @param fields the whole rule, for criteria that depend on another
public record RuleContext(Fields fields, Effect effect, Vocabulary vocabulary) {

  AddressBook addresses() {
    return vocabulary.addresses();
  }

  public Optional<YamlNode> sibling(String key) {
    return fields.find(key);
  }

  public void problem(Position at, String key, String message) {
    fields.problems().add(at, fields.path(key), message);
  }
}
