package dev.countersign.policy.rule;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.typeddata.TypedDomain;
import dev.countersign.policy.rule.DestinationCriterion.Destination;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.YamlNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `domain`: the domain of typed data (EIP-712). A part that the domain does not have is never
/// listed. Anyone can take any name, so a rule that allows goes by `verifyingContract` where there
/// is one.
public record DomainCriterion(List<Part<?>> parts) implements ActionCriterion {
  public static final List<String> KEYS =
      List.of("name", "version", "chainId", "verifyingContract", "salt");

  static final CriterionKind KIND =
      new CriterionKind(
          "domain",
          CriterionKind.Presence.OPTIONAL,
          "a mapping of name, version, chainId, verifyingContract, salt, each with a list",
          DomainCriterion::read);

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
  private static final int SALT_SIZE = 32;

  /// One part of a domain, and what it may be.
  record Part<T>(
      String key, Function<TypedDomain, Optional<T>> value, Set<T> listed, String expected) {
    boolean holds(TypedDomain domain) {
      return value.apply(domain).filter(listed::contains).isPresent();
    }

    String observed(TypedDomain domain) {
      return value.apply(domain).map(it -> key + " " + it).orElse("no " + key);
    }
  }

  public DomainCriterion {
    parts = List.copyOf(parts);
  }

  private static Optional<DomainCriterion> read(YamlNode value, RuleContext rule) {
    TypedMessages.refuseUnlessAlone(value, KIND.key(), rule);
    Optional<Fields> fields =
        Fields.of(value, rule.fields().path(KIND.key()), rule.fields().problems());
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    fields.get().refuseOthersThan(KEYS);
    List<Part<?>> parts = new ArrayList<>();
    part(fields.get(), "name", rule, Function.identity(), TypedDomain::name).ifPresent(parts::add);
    part(fields.get(), "version", rule, Function.identity(), TypedDomain::version)
        .ifPresent(parts::add);
    part(fields.get(), "chainId", rule, DomainCriterion::number, TypedDomain::chainId)
        .ifPresent(parts::add);
    contracts(fields.get(), rule).ifPresent(parts::add);
    part(fields.get(), "salt", rule, DomainCriterion::salt, TypedDomain::salt)
        .ifPresent(parts::add);
    if (fields.get().mapping().entries().isEmpty()) {
      rule.problem(value.at(), KIND.key(), "expected " + KIND.form());
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(new DomainCriterion(parts));
  }

  private static <T> Optional<Part<T>> part(
      Fields fields,
      String key,
      RuleContext rule,
      Function<String, T> parse,
      Function<TypedDomain, Optional<T>> value) {
    return list(fields, key, rule, parse)
        .map(all -> new Part<>(key, value, Set.copyOf(all), key + " " + ValueList.oneOf(all)));
  }

  private static Optional<Part<Address>> contracts(Fields fields, RuleContext rule) {
    String key = "verifyingContract";
    Function<String, Destination> parse =
        text -> DestinationCriterion.destination(text, rule.addresses());
    return list(fields, key, rule, parse)
        .map(
            all ->
                new Part<>(
                    key,
                    TypedDomain::verifyingContract,
                    DestinationCriterion.union(all),
                    key + " " + ValueList.oneOf(all)));
  }

  private static <T> Optional<List<T>> list(
      Fields fields, String key, RuleContext rule, Function<String, T> parse) {
    return fields
        .find(key)
        .flatMap(
            value ->
                ValueList.read(
                    value, KIND.key() + "." + key, "any, or a list of values", rule, parse));
  }

  private static BigInteger number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw InvalidValueException.of("chainId", text, "a number of a chain such as 1");
    }
    return new BigInteger(text);
  }

  private static Bytes salt(String text) {
    Bytes salt = Bytes.fromHex(text);
    if (salt.size() != SALT_SIZE) {
      throw InvalidValueException.of("salt", text, "0x and 64 hex digits");
    }
    return salt;
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return TypedMessages.data(action)
        .filter(data -> parts.stream().allMatch(part -> part.holds(data.domain())))
        .isPresent();
  }

  @Override
  public String expected() {
    return parts.stream().map(Part::expected).collect(Collectors.joining("; "));
  }

  @Override
  public boolean observesAlike() {
    return false;
  }

  @Override
  public String observed(JudgedAction action) {
    return TypedMessages.data(action)
        .map(
            data ->
                parts.stream()
                    .filter(part -> !part.holds(data.domain()))
                    .findFirst()
                    .map(part -> part.observed(data.domain()))
                    .orElse("all of that"))
        .orElse("no typed message");
  }
}
