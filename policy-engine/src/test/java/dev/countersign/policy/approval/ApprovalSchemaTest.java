package dev.countersign.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.countersign.policy.document.PolicyDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The schema's definitions of approvers, groups and quorums say what the readers say.
class ApprovalSchemaTest {

  @Test
  void bothTakeTheExample() {
    String yaml =
        ApprovalYaml.TREASURY
            + "approvals: {allOf: [{group: treasury, count: 2}, {anyOf: [{group: risk, count: 1},"
            + " {group: treasury, count: 1}]}]}\n";
    assertThat(bySchema(yaml)).isTrue();
    assertThat(ApprovalYaml.read(yaml).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "approvers: []",
        "approvers: {alice: {}}",
        "approvers: {alice: {keys: []}}",
        "approvers: {alice: {keys: [abc]}}",
        "approvers: {Alice: {keys: ['" + ApprovalYaml.KEY_1 + "']}}",
        "approvers: {alice: {keys: ['" + ApprovalYaml.KEY_1 + "'], name: a}}",
        "approvers: {alice: {keys: ['" + ApprovalYaml.KEY_1 + "'], client: 'A b'}}",
        "approvers: {alice: {keys: ['" + ApprovalYaml.KEY_1 + "', '" + ApprovalYaml.KEY_1 + "']}}",
        "groups: [a]",
        "groups: {a: []}",
        "groups: {a: alice}",
        "approvals: {}",
        "approvals: {group: a}",
        "approvals: {group: a, count: 0}",
        "approvals: {group: a, count: 1, allOf: [{group: a, count: 1}]}",
        "approvals: {allOf: []}",
        "approvals: {allOf: [{group: a}]}",
        "approvals: treasury"
      })
  void bothRefuse(String yaml) {
    assertThat(bySchema(yaml)).isFalse();
    assertThat(ApprovalYaml.read(yaml).problems()).isNotEmpty();
  }

  private static boolean bySchema(String yaml) {
    try (InputStream in = PolicyDocument.class.getResourceAsStream("policy.schema.json")) {
      ObjectNode schema =
          (ObjectNode) new ObjectMapper().readTree(Objects.requireNonNull(in, "the schema"));
      ObjectNode part = schema.objectNode();
      ObjectNode properties = part.putObject("properties");
      for (String key : new String[] {"approvers", "groups", "approvals"}) {
        properties.putObject(key).put("$ref", "#/$defs/" + key);
      }
      part.set("$defs", schema.get("$defs"));
      JsonNode document = new YAMLMapper().readTree(yaml);
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(part)
          .validate(document)
          .isEmpty();
    } catch (IOException e) {
      throw new AssertionError(yaml, e);
    }
  }
}
