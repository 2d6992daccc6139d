package dev.countersign.policy.breaker;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.AmountText;
import dev.countersign.policy.rule.BalanceShare;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.math.BigInteger;
import java.util.Optional;

/// What breakers on balances have beyond the others: one asset, and a maximum that may be a part.
final class BalanceBreakerReader {
  private static final String ASSET =
      "native, any, or the CAIP-19 id of a token such as eip155:1/erc20:0x…";
  private static final String PART = "30% of balance";

  private BalanceBreakerReader() {}

  static Optional<BreakerAsset> asset(Fields fields) {
    return fields
        .requireText("asset", ASSET)
        .flatMap(
            text -> {
              Optional<BreakerAsset> asset = parse(text.text());
              if (asset.isEmpty()) {
                BreakersReader.wrong(fields, "asset", text, ASSET);
              }
              return asset;
            });
  }

  private static Optional<BreakerAsset> parse(String text) {
    return switch (text) {
      case "native" -> Optional.of(new BreakerAsset.Native());
      case "any" -> Optional.of(new BreakerAsset.Any());
      default -> {
        try {
          AssetId asset = AssetId.parse(text);
          yield asset.asset().startsWith("erc721:")
              ? Optional.empty()
              : Optional.of(new BreakerAsset.One(asset));
        } catch (InvalidValueException e) {
          yield Optional.empty();
        }
      }
    };
  }

  /// @param counts parts are of a drop alone: what is missing without a reason is missing whole
  static Optional<BreakerMaximum> maximum(Fields fields, BreakerAsset asset, BalanceCount counts) {
    String expected = expected(asset, counts);
    return fields
        .requireText("maximum", expected)
        .flatMap(
            text -> {
              Optional<BreakerMaximum> maximum = read(text, asset, counts);
              if (maximum.isEmpty()) {
                BreakersReader.wrong(fields, "maximum", text, expected);
              }
              return maximum;
            });
  }

  private static Optional<BreakerMaximum> read(
      Scalar text, BreakerAsset asset, BalanceCount counts) {
    if (counts == BalanceCount.DROP && BalanceShare.isWritten(text)) {
      return BalanceShare.parse(text.text()).map(BreakerMaximum.Share::new);
    }
    try {
      BigInteger amount =
          isNative(asset)
              ? AmountText.parseNative(text.text())
              : AmountText.parseToken(text.text());
      // Units of different assets have nothing in common but nothing.
      return asset instanceof BreakerAsset.Any && amount.signum() != 0
          ? Optional.empty()
          : Optional.of(new BreakerMaximum.Amount(amount));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  private static boolean isNative(BreakerAsset asset) {
    return switch (asset) {
      case BreakerAsset.Native() -> true;
      case BreakerAsset.One(AssetId one) -> one.isNative();
      case BreakerAsset.Any() -> false;
    };
  }

  private static String expected(BreakerAsset asset, BalanceCount counts) {
    String amount =
        asset instanceof BreakerAsset.Any
            ? "0 for any asset"
            : isNative(asset) ? AmountText.FORM_NATIVE : AmountText.FORM_TOKEN;
    return counts == BalanceCount.DROP ? amount + ", or a part such as " + PART : amount;
  }
}
