package dev.countersign.policy.rule;

import dev.countersign.core.action.Deed;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.AssetPattern.Exactly;
import dev.countersign.policy.yaml.YamlNode;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// `tokenIds`: which tokens of a collection (ERC-721, ERC-1155) move, or may be taken. An id means
/// nothing without its collection, so the rule names exactly one. Who is let take every token of it
/// takes more than a rule allows that lists some, and some of what a rule that restricts lists.
///
/// @param restricts whether its rule does
public record TokenIdCriterion(Set<BigInteger> ids, boolean restricts, String expected)
    implements ActionCriterion {
  private static final String FORM = "any, or a list of the tokens' numbers";
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,77}");
  private static final int BITS = 256;

  static final CriterionKind KIND =
      new CriterionKind("tokenIds", CriterionKind.Presence.OPTIONAL, FORM, TokenIdCriterion::read);

  private static Optional<TokenIdCriterion> read(YamlNode value, RuleContext rule) {
    if (AssetCriterion.only(rule).filter(TokenIdCriterion::isCollection).isEmpty()) {
      rule.problem(
          value.at(),
          KIND.key(),
          "tokens are of one collection: expected `assets` to list exactly one, such as"
              + " eip155:1/erc721:0x…");
    }
    return ValueList.read(value, KIND.key(), FORM, rule, TokenIdCriterion::id)
        .map(
            all ->
                new TokenIdCriterion(
                    Set.copyOf(all), rule.effect() != Effect.ALLOW, ValueList.oneOf(all)));
  }

  private static boolean isCollection(AssetPattern pattern) {
    return pattern instanceof Exactly(var asset) && asset.isCollection();
  }

  private static BigInteger id(String text) {
    if (NUMBER.matcher(text).matches() && new BigInteger(text).bitLength() <= BITS) {
      return new BigInteger(text);
    }
    throw InvalidValueException.of("token id", text, "a whole number of at most 2^256-1");
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return switch (action.action().deed()) {
      case Deed.NftTransfer transfer -> ids.contains(transfer.tokenId());
      case Deed.NftApproval approval -> approval.tokenId().map(ids::contains).orElse(restricts);
      default -> false;
    };
  }

  @Override
  public String observed(JudgedAction action) {
    return switch (action.action().deed()) {
      case Deed.NftTransfer transfer -> transfer.tokenId().toString();
      case Deed.NftApproval approval ->
          approval.tokenId().map(BigInteger::toString).orElse("every token");
      default -> "no token of a collection";
    };
  }
}
