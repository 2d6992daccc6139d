package dev.countersign.policy.testing;

import dev.countersign.core.action.Unpacking;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.RequestContent;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.AmountText;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.testing.PolicyCase.Expectation;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Position;
import dev.countersign.policy.yaml.Similar;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Entry;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads one case: who asks, what for, and what is expected of it.
final class CaseReader {
  /// What `defaults` may say for all cases.
  static final List<String> SHARED =
      Stream.of(
              Stream.of("initiator", "wallet", "chain", "at"),
              CircumstanceReader.KEYS.stream(),
              Stream.of(PricesOfCase.KEY),
              TransactionReader.FEES.stream())
          .flatMap(keys -> keys)
          .toList();

  private static final List<String> KEYS =
      Stream.of(
              Stream.of("name"),
              SHARED.stream(),
              Stream.of("spent"),
              TransactionReader.KEYS.stream(),
              MessageReader.KEYS.stream(),
              Stream.of("expect", "rule", "reason"))
          .flatMap(keys -> keys)
          .toList();

  static final Instant USUAL_TIME = Instant.parse("2026-01-01T12:00:00Z");
  private static final String EXPECT_FORM = "ALLOW, DENY, REQUIRE, DELAY or [REQUIRE, DELAY]";
  private static final Expectation ANYTHING =
      new Expectation(EnumSet.allOf(Answer.class), Optional.empty(), "");
  private static final Set<Answer> BOTH = EnumSet.of(Answer.REQUIRE, Answer.DELAY);

  private final PolicyDocument policy;
  private final AccountNames names;
  private final Optional<Fields> defaults;

  /// @param defaults what holds for cases that do not say it themselves
  CaseReader(PolicyDocument policy, AccountNames names, Optional<Fields> defaults) {
    this.policy = policy;
    this.names = names;
    this.defaults = defaults;
  }

  /// @return nothing when there are problems
  Optional<PolicyCase> read(Fields own) {
    own.refuseOthersThan(KEYS);
    return read(own, expectation(own), spent(own));
  }

  private Optional<PolicyCase> read(
      Fields own, Optional<Expectation> expectation, Map<String, BigInteger> spent) {
    Fields fields = withDefaults(own);
    Optional<Scalar> name = own.requireText("name", "what the case is about, in words");
    Optional<ClientId> initiator = value(fields, "initiator", "a client id", ClientId::new);
    Optional<Scalar> wallet =
        fields.requireText("wallet", "a wallet id").filter(id -> known(id, fields));
    Optional<ChainId> chain = value(fields, "chain", "a CAIP-2 id such as eip155:1", ChainId::new);
    Instant at = time(fields);
    Optional<Signed> signed =
        signed(fields, chain.orElse(ChainId.ofEip155(1)), wallet.map(Scalar::text).orElse(""));
    if (name.isEmpty()
        || initiator.isEmpty()
        || wallet.isEmpty()
        || chain.isEmpty()
        || expectation.isEmpty()
        || signed.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new PolicyCase(
            name.get().text(),
            own.mapping().at(),
            CircumstanceReader.read(fields, chain.get(), at)
                .subject(initiator.get(), account(wallet.get().text()), signed.get().asked(), at)
                .pricedBy(PricesOfCase.read(fields, policy, chain.get(), at)),
            signed.get().payload(),
            signed.get().message(),
            spent,
            expectation.get()));
  }

  /// The request of a case alone, whatever is expected of it.
  ///
  /// @return nothing when there are problems
  Optional<PolicyCase> readRequest(Fields own) {
    own.refuseOthersThan(KEYS);
    return read(own, Optional.of(ANYTHING), spent(own));
  }

  /// What is signed.
  private record Signed(RequestContent asked, Bytes payload, Optional<Unpacking> message) {}

  private Optional<Signed> signed(Fields fields, ChainId chain, String wallet) {
    if (!MessageReader.isIn(fields)) {
      return new TransactionReader(names)
          .read(fields, chain)
          .map(
              transaction ->
                  new Signed(
                      content(wallet, chain, transaction.intent(), transaction.fees()),
                      transaction.encode(),
                      Optional.empty()));
    }
    Address signer = account(wallet);
    Intent none = new Intent.NativeTransfer(signer, Wei.ZERO);
    return new MessageReader(names)
        .read(fields, chain, signer)
        .map(
            message ->
                new Signed(
                    new RequestContent(named(wallet), chain, none, Optional.empty()),
                    Bytes.EMPTY,
                    Optional.of(message)));
  }

  private static RequestContent content(
      String wallet, ChainId chain, Intent.OfTransaction intent, Fees fees) {
    return new RequestContent(named(wallet), chain, intent, Optional.of(fees));
  }

  /// A wallet whose name is wrong is a problem already.
  private static WalletId named(String wallet) {
    return new WalletId(wallet.isEmpty() ? "unknown" : wallet);
  }

  private Address account(String wallet) {
    return names.wallets().getOrDefault(wallet, new Address("0x" + "0".repeat(40)));
  }

  private Fields withDefaults(Fields own) {
    if (defaults.isEmpty()) {
      return own;
    }
    List<Entry> entries = new ArrayList<>(own.mapping().entries());
    defaults.get().mapping().entries().stream()
        .filter(entry -> own.find(entry.key().text()).isEmpty())
        .forEach(entries::add);
    return new Fields(new Mapping(own.mapping().at(), entries), own.path(), own.problems());
  }

  private boolean known(Scalar wallet, Fields fields) {
    if (names.wallets().containsKey(wallet.text())) {
      return true;
    }
    String meant =
        Similar.to(wallet.text(), names.wallets().keySet())
            .map(close -> "; did you mean " + close + "?")
            .orElse("");
    problem(
        fields, wallet.at(), "wallet", "there is no " + wallet.kind() + " under wallets" + meant);
    return false;
  }

  private static Instant time(Fields fields) {
    Optional<YamlNode> value = fields.find("at");
    if (value.isEmpty()) {
      return USUAL_TIME;
    }
    String form = "a time in UTC such as 2026-11-02T12:00:00Z";
    return fields
        .text(value.get(), "at", form)
        .flatMap(
            text -> {
              try {
                return Optional.of(Instant.parse(text.text()));
              } catch (DateTimeParseException e) {
                problem(fields, text.at(), "at", "expected " + form + ", got " + text.kind());
                return Optional.empty();
              }
            })
        .orElse(USUAL_TIME);
  }

  private Map<String, BigInteger> spent(Fields fields) {
    Map<String, BigInteger> spent = new HashMap<>();
    Optional<YamlNode> value = fields.find("spent");
    if (value.isEmpty()) {
      return spent;
    }
    if (!(value.get() instanceof Mapping mapping)) {
      problem(
          fields,
          value.get().at(),
          "spent",
          "expected limits such as pay-out/daily, with an amount each; got " + value.get().kind());
      return spent;
    }
    Map<String, RollingLimit> limits = limits(policy);
    for (Entry entry : mapping.entries()) {
      String name = entry.key().text();
      RollingLimit limit = limits.get(name);
      if (limit == null) {
        String meant =
            Similar.to(name, limits.keySet()).map(it -> "; did you mean " + it + "?").orElse("");
        problem(
            fields,
            entry.key().at(),
            "spent",
            "the policy has no limit " + entry.key().kind() + ", expected RULE/LIMIT" + meant);
      } else {
        fields
            .text(entry.value(), "spent." + name, "an amount as of its `maximum`")
            .flatMap(text -> parsed(fields, "spent." + name, text, limit::parse))
            .ifPresent(amount -> spent.put(name, amount));
      }
    }
    return spent;
  }

  static Map<String, RollingLimit> limits(PolicyDocument policy) {
    Map<String, RollingLimit> limits = new LinkedHashMap<>();
    for (Rule rule : policy.rules()) {
      rule.limits().forEach(limit -> limits.put(rule.name() + "/" + limit.name(), limit));
    }
    return limits;
  }

  private Optional<Expectation> expectation(Fields fields) {
    Optional<Set<Answer>> answers =
        fields.require("expect", EXPECT_FORM).flatMap(value -> answers(value, fields));
    Optional<Set<String>> rules = fields.find("rule").map(value -> ruleNames(value, fields));
    Optional<Scalar> reason =
        fields.find("reason").flatMap(value -> fields.text(value, "reason", "text"));
    if (answers.isEmpty()) {
      return Optional.empty();
    }
    if (reason.isPresent() && !answers.get().equals(EnumSet.of(Answer.DENY))) {
      problem(fields, reason.get().at(), "reason", "only a denial has one");
    }
    return Optional.of(new Expectation(answers.get(), rules, reason.map(Scalar::text).orElse("")));
  }

  private static Optional<Set<Answer>> answers(YamlNode value, Fields fields) {
    Set<Answer> answers = EnumSet.noneOf(Answer.class);
    List<YamlNode> items = value instanceof Sequence all ? all.items() : List.of(value);
    for (YamlNode item : items) {
      String text = item instanceof Scalar scalar ? scalar.text() : "";
      Stream.of(Answer.values()).filter(it -> it.name().equals(text)).forEach(answers::add);
    }
    if (answers.size() == items.size() && (answers.size() == 1 || answers.equals(BOTH))) {
      return Optional.of(answers);
    }
    problem(fields, value.at(), "expect", "expected " + EXPECT_FORM + ", got " + value.kind());
    return Optional.empty();
  }

  private Set<String> ruleNames(YamlNode value, Fields fields) {
    Set<String> known = new HashSet<>(policy.rules().stream().map(Rule::name).toList());
    known.add(Decision.DEFAULT_DENY);
    Set<String> named = new HashSet<>();
    for (YamlNode item : value instanceof Sequence all ? all.items() : List.of(value)) {
      fields
          .text(item, "rule", "the name of a rule, or a list of them")
          .ifPresent(
              text -> {
                if (!known.contains(text.text())) {
                  String meant =
                      Similar.to(text.text(), known)
                          .map(close -> "; did you mean " + close + "?")
                          .orElse("");
                  problem(
                      fields, text.at(), "rule", "the policy has no rule " + text.kind() + meant);
                }
                named.add(text.text());
              });
    }
    return named;
  }

  static <T> Optional<T> value(Fields fields, String key, String form, Function<String, T> parse) {
    return fields.requireText(key, form).flatMap(text -> parsed(fields, key, text, parse));
  }

  static <T> Optional<T> parsed(Fields fields, String key, Scalar text, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(text.text()));
    } catch (InvalidValueException e) {
      problem(fields, text.at(), key, "expected " + e.expected() + ", got " + text.kind());
      return Optional.empty();
    }
  }

  static Optional<BigInteger> amount(Fields fields, String key, YamlNode value, boolean isNative) {
    return fields
        .text(value, key, isNative ? AmountText.FORM_NATIVE : AmountText.FORM_TOKEN)
        .flatMap(
            text ->
                parsed(
                    fields,
                    key,
                    text,
                    isNative ? AmountText::parseNative : AmountText::parseToken));
  }

  static void problem(Fields fields, Position at, String key, String message) {
    fields.problems().add(at, fields.path(key), message);
  }
}
