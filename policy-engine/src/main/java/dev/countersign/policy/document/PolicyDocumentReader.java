package dev.countersign.policy.document;

import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.model.Digest32;
import dev.countersign.policy.approval.ApproverRegistryReader;
import dev.countersign.policy.approval.ChangeTerms;
import dev.countersign.policy.approval.ChangesReader;
import dev.countersign.policy.approval.PolicyApprovers;
import dev.countersign.policy.approval.QuorumReader;
import dev.countersign.policy.breaker.Breakers;
import dev.countersign.policy.breaker.BreakersReader;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.rule.AddressBook;
import dev.countersign.policy.rule.NameGroups;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.RuleIndex;
import dev.countersign.policy.rule.Vocabulary;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import dev.countersign.policy.yaml.YamlReader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads a policy document: YAML by the JSON Schema in `policy.schema.json`, and beyond what a
/// schema can say, references that lead somewhere, names used once, amounts that are exact.
public final class PolicyDocumentReader {
  public static final String FORMAT = "countersign/policy/v1";
  private static final String BREAKERS = "breakers";
  private static final String FREEZE = "freeze";
  private static final String THAW = "thaw";
  private static final String CLIENTS = "clients";
  private static final String WALLET_GROUPS = "walletGroups";
  static final List<String> KEYS =
      List.of(
          "format",
          "description",
          AddressBookReader.ADDRESSES,
          AddressBookReader.HOLD_DOWN,
          CLIENTS,
          WALLET_GROUPS,
          ApproverRegistryReader.APPROVERS,
          ApproverRegistryReader.GROUPS,
          ChangesReader.KEY,
          PricesReader.KEY,
          "rules",
          BREAKERS,
          FREEZE);

  private final Problems problems = new Problems();

  private PolicyDocumentReader() {}

  /// Total: any bytes give a policy, or everything that is wrong with them.
  public static Reading read(byte[] bytes) {
    return new PolicyDocumentReader().document(bytes);
  }

  /// A policy's content hash.
  public static Digest32 hash(byte[] bytes) {
    try {
      return Digest32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  private Reading document(byte[] bytes) {
    Optional<PolicyDocument> document =
        YamlReader.read(bytes, problems)
            .flatMap(root -> Fields.of(root, "", problems))
            .map(fields -> policy(fields, hash(bytes)));
    if (document.isPresent() && problems.isEmpty()) {
      return new Reading.Valid(document.get());
    }
    return new Reading.Invalid(problems.all());
  }

  private PolicyDocument policy(Fields fields, Digest32 hash) {
    fields.refuseOthersThan(KEYS);
    fields
        .requireText("format", FORMAT)
        .filter(format -> !format.text().equals(FORMAT))
        .ifPresent(
            format ->
                problems.add(
                    format.at(), "format", "expected " + FORMAT + ", got " + format.kind()));
    fields.find("description").ifPresent(text -> fields.text(text, "description", "text"));
    AddressBook addresses = AddressBookReader.read(fields);
    Optional<PriceTerms> prices = PricesReader.read(fields, problems);
    Vocabulary vocabulary =
        new Vocabulary(
            addresses,
            NameGroups.read(fields, CLIENTS, "client id"),
            NameGroups.read(fields, WALLET_GROUPS, "wallet id"),
            fields.find(PricesReader.KEY).isPresent(),
            prices);
    PolicyApprovers approvers = ApproverRegistryReader.read(fields, problems);
    Optional<ChangeTerms> changes = ChangesReader.read(fields, approvers, problems);
    List<Rule> rules =
        fields
            .require("rules", "a list of rules")
            .map(value -> rules(value, vocabulary, approvers))
            .orElse(List.of());
    Breakers breakers =
        fields
            .find(BREAKERS)
            .map(value -> BreakersReader.read(value, problems))
            .orElse(Breakers.NONE);
    Optional<RuleQuorum> thaw =
        fields
            .find(FREEZE)
            .flatMap(value -> Fields.of(value, FREEZE, problems))
            .flatMap(freeze -> thaw(freeze, approvers));
    return new PolicyDocument(
        hash, addresses, approvers, changes, breakers, thaw, prices, RuleIndex.of(rules));
  }

  private Optional<RuleQuorum> thaw(Fields freeze, PolicyApprovers approvers) {
    freeze.refuseOthersThan(List.of(THAW));
    return freeze
        .require(THAW, QuorumReader.FORM)
        .flatMap(
            value -> QuorumReader.read(value, freeze.path(THAW), approvers.groups(), problems));
  }

  private List<Rule> rules(YamlNode value, Vocabulary vocabulary, PolicyApprovers approvers) {
    if (!(value instanceof Sequence sequence)) {
      problems.add(value.at(), "rules", "expected a list of rules, got " + value.kind());
      return List.of();
    }
    List<Rule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      YamlNode node = sequence.items().get(i);
      String path = "rules[" + i + "]";
      Fields.of(node, path, problems)
          .flatMap(fields -> RuleReader.read(fields, vocabulary, approvers))
          .ifPresent(
              rule -> {
                if (!names.add(rule.name())) {
                  problems.add(node.at(), path, "a second rule named " + rule.name());
                }
                rules.add(rule);
              });
    }
    return rules;
  }
}
