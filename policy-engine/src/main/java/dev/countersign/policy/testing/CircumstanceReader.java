package dev.countersign.policy.testing;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.IpAddress;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.port.Balance;
import dev.countersign.core.request.Credential;
import dev.countersign.core.request.Origin;
import dev.countersign.policy.rule.AssetPattern;
import dev.countersign.policy.rule.TierCriterion;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Entry;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads what a case says of the circumstances of a request: how it came in, where its wallet is,
/// and what it has.
final class CircumstanceReader {
  static final List<String> KEYS =
      List.of("credential", "source", "roles", "vault", "tier", "balances");
  private static final String BALANCES = "balances";

  private CircumstanceReader() {}

  static Circumstances read(Fields fields, ChainId chain, Instant at) {
    return new Circumstances(
        origin(fields),
        balances(fields, chain, at),
        said(fields, "vault", "a vault id", VaultId::new).orElse(Circumstances.USUAL_VAULT),
        said(fields, "tier", "a tier", TierCriterion::parse).orElse(Circumstances.USUAL_TIER));
  }

  private static <T> Optional<T> said(
      Fields fields, String key, String form, Function<String, T> parse) {
    return fields.find(key).isEmpty()
        ? Optional.empty()
        : CaseReader.value(fields, key, form, parse);
  }

  /// Nobody knows it unless the case says something of it.
  private static Optional<Origin> origin(Fields fields) {
    if (Stream.of("credential", "source", "roles").allMatch(key -> fields.find(key).isEmpty())) {
      return Optional.empty();
    }
    Optional<Credential> credential =
        fields.find("credential").isEmpty()
            ? Optional.of(Credential.MUTUAL_TLS)
            : CaseReader.value(fields, "credential", "a credential", Credential::parse);
    Optional<IpAddress> source = said(fields, "source", "an IP address", IpAddress::parse);
    return credential.map(shown -> new Origin(shown, source, roles(fields)));
  }

  /// What the wallet's account has, by asset; nothing is known of those not named.
  private static List<Balance> balances(Fields fields, ChainId chain, Instant at) {
    List<Balance> balances = new ArrayList<>();
    Optional<YamlNode> value = fields.find(BALANCES);
    if (value.isPresent() && !(value.get() instanceof Mapping)) {
      CaseReader.problem(
          fields,
          value.get().at(),
          BALANCES,
          "expected assets with an amount each, got " + value.get().kind());
    }
    if (value.isPresent() && value.get() instanceof Mapping mapping) {
      for (Entry entry : mapping.entries()) {
        try {
          AssetPattern pattern = AssetPattern.parse(entry.key().text());
          CaseReader.amount(
                  fields, BALANCES + "." + entry.key().text(), entry.value(), pattern.isNative())
              .flatMap(amount -> pattern.on(chain).map(asset -> new Balance(asset, amount, at)))
              .ifPresent(balances::add);
        } catch (InvalidValueException e) {
          CaseReader.problem(
              fields,
              entry.key().at(),
              BALANCES,
              "expected native or " + e.expected() + ", got " + entry.key().kind());
        }
      }
    }
    return balances;
  }

  private static Set<String> roles(Fields fields) {
    Set<String> roles = new HashSet<>();
    fields
        .find("roles")
        .map(value -> value instanceof Sequence all ? all.items() : List.of(value))
        .orElse(List.of())
        .forEach(
            item -> {
              try {
                roles.add(Origin.checkRole(item instanceof Scalar role ? role.text() : ""));
              } catch (InvalidValueException e) {
                CaseReader.problem(
                    fields,
                    item.at(),
                    "roles",
                    "expected " + e.expected() + ", got " + item.kind());
              }
            });
    return roles;
  }
}
