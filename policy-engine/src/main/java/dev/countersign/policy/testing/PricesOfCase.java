package dev.countersign.policy.testing;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.rule.AssetPattern;
import dev.countersign.policy.rule.DurationText;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Similar;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the `prices` of a case: what feeds say that assets are worth. Taken as if they were
/// signed.
final class PricesOfCase {
  static final String KEY = "prices";
  private static final List<String> KEYS =
      List.of("feed", "asset", "decimals", "currency", "price", "age");
  private static final String AGE_FORM = "how old it is, such as PT2M";
  private static final Bytes NO_SIGNATURE = Bytes.of(new byte[64]);
  private static final int NATIVE_DECIMALS = 18;

  private final PolicyDocument policy;
  private final ChainId chain;
  private final Instant at;

  private PricesOfCase(PolicyDocument policy, ChainId chain, Instant at) {
    this.policy = policy;
    this.chain = chain;
    this.at = at.truncatedTo(ChronoUnit.SECONDS);
  }

  /// @param chain where `native` is
  /// @param at the time of judging
  static List<SignedPrice> read(Fields fields, PolicyDocument policy, ChainId chain, Instant at) {
    Optional<YamlNode> value = fields.find(KEY);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof Sequence list)) {
      CaseReader.problem(
          fields,
          value.get().at(),
          KEY,
          "expected a list of prices, each with asset, currency and price; got "
              + value.get().kind());
      return List.of();
    }
    PricesOfCase reader = new PricesOfCase(policy, chain, at);
    List<SignedPrice> prices = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      YamlNode item = list.items().get(i);
      Fields.of(item, fields.path(KEY) + "[" + i + "]", fields.problems())
          .flatMap(reader::price)
          .ifPresent(prices::add);
    }
    return prices;
  }

  private Optional<SignedPrice> price(Fields fields) {
    fields.refuseOthersThan(KEYS);
    Optional<FeedName> feed = feed(fields);
    Optional<AssetId> asset =
        CaseReader.value(fields, "asset", "native or a CAIP-19 id", AssetPattern::parse)
            .flatMap(this::on);
    Optional<CurrencyCode> currency =
        CaseReader.value(fields, "currency", CurrencyCode.FORM, CurrencyCode::new);
    Optional<BigDecimal> price =
        CaseReader.value(fields, "price", PriceStatement.PRICE_FORM, PriceStatement::parsePrice);
    Optional<Integer> decimals =
        fields.find("decimals").isEmpty() && asset.map(AssetId::isNative).orElse(true)
            ? Optional.of(NATIVE_DECIMALS)
            : CaseReader.value(
                fields, "decimals", "how many decimals the token has", PricesOfCase::decimals);
    Duration age =
        fields
            .find("age")
            .flatMap(value -> fields.text(value, "age", AGE_FORM))
            .flatMap(text -> DurationText.read(text, "age", fields))
            .orElse(Duration.ZERO);
    if (feed.isEmpty()
        || asset.isEmpty()
        || currency.isEmpty()
        || price.isEmpty()
        || decimals.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SignedPrice(
              new PriceStatement(
                  feed.get(),
                  asset.get(),
                  decimals.get(),
                  currency.get(),
                  price.get(),
                  at.minus(age)),
              NO_SIGNATURE));
    } catch (InvalidValueException e) {
      CaseReader.problem(fields, fields.mapping().at(), "", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<AssetId> on(AssetPattern pattern) {
    return switch (pattern) {
      case AssetPattern.Exactly(AssetId exactly) -> Optional.of(exactly);
      case AssetPattern.Native anywhere -> anywhere.on(chain);
    };
  }

  /// The only feed, where the case does not say which.
  private Optional<FeedName> feed(Fields fields) {
    Optional<PriceTerms> terms = policy.prices();
    if (terms.isEmpty()) {
      CaseReader.problem(
          fields, fields.mapping().at(), "feed", "the policy has no `prices`, and names no feed");
      return Optional.empty();
    }
    if (fields.find("feed").isEmpty() && terms.get().feeds().size() == 1) {
      return Optional.of(terms.get().feeds().firstKey());
    }
    List<String> known = terms.get().feeds().keySet().stream().map(FeedName::value).toList();
    String form = "one of the policy's feeds, " + String.join(", ", known);
    return fields
        .requireText("feed", form)
        .filter(
            text -> {
              boolean isKnown = known.contains(text.text());
              if (!isKnown) {
                unknown(fields, text, known);
              }
              return isKnown;
            })
        .map(text -> new FeedName(text.text()));
  }

  private static void unknown(Fields fields, Scalar text, List<String> known) {
    String meant =
        Similar.to(text.text(), known).map(close -> "; did you mean " + close + "?").orElse("");
    CaseReader.problem(fields, text.at(), "feed", "the policy has no feed " + text.kind() + meant);
  }

  private static int decimals(String text) {
    if (!text.matches("0|[1-9][0-9]?")) {
      throw InvalidValueException.of(
          "decimals", text, "a whole number from 0 to " + PriceStatement.MOST_DECIMALS);
    }
    return Integer.parseInt(text);
  }
}
