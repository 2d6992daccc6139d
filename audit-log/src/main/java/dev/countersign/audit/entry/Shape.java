package dev.countersign.audit.entry;

import dev.countersign.audit.entry.Json.Fields;
import dev.countersign.audit.entry.Json.Flag;
import dev.countersign.audit.entry.Json.Items;
import dev.countersign.audit.entry.Json.Text;
import dev.countersign.audit.entry.Json.Whole;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a field of an entry may hold.
enum Shape {
  /// A string, or what [Cut#text] leaves of it.
  TEXT,
  /// A list of [#TEXT], or what [Cut#list] leaves of it.
  TEXTS,
  /// A whole number without sign, as a decimal string: it may be larger than JSON's are exact.
  NUMBER,
  FLAG,
  /// `0x` and hex digits.
  HEX,
  /// [#HEX] of 32 bytes.
  HASH,
  /// [#HEX] of an address.
  ADDRESS,
  /// A policy's number and the hash of its document.
  POLICY,
  INTENT,
  /// Call data, or what [Cut#callData] leaves of it.
  CALL_DATA,
  /// What the rules of a policy said, or what [Cut#list] leaves of it.
  OUTCOMES,
  /// The first criterion of a rule that was not met.
  UNMET,
  /// What policy saw when it allowed.
  OBSERVED,
  /// The limits that were charged, or what [Cut#list] leaves of them.
  LIMIT_USES,
  /// The signed prices that amounts were compared by, or what [Cut#list] leaves of them.
  PRICES;

  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]*");
  private static final Pattern ANY_HEX = Pattern.compile("0x([0-9a-f]{2})*");
  private static final int HASH_TEXT = 66;
  private static final int ADDRESS_TEXT = 42;

  /// Whether `json` is there and in this shape.
  boolean accepts(@Nullable Json json) {
    return switch (this) {
      case TEXT ->
          json instanceof Text
              || (hasKeys(json, "bytes", "cut", "sha256")
                  && hasHash(json)
                  && isWhole(json, "bytes"));
      case TEXTS -> isListOf(json, TEXT::accepts);
      case NUMBER -> json instanceof Text(String value) && DECIMAL.matcher(value).matches();
      case FLAG -> json instanceof Flag;
      case HEX -> json instanceof Text(String value) && ANY_HEX.matcher(value).matches();
      case HASH ->
          HEX.accepts(json) && json instanceof Text(String value) && value.length() == HASH_TEXT;
      case ADDRESS ->
          HEX.accepts(json) && json instanceof Text(String value) && value.length() == ADDRESS_TEXT;
      case POLICY -> isExactly(json, Map.of("hash", HASH, "number", NUMBER));
      case INTENT -> isIntent(json);
      case CALL_DATA ->
          HEX.accepts(json)
              || (hasKeys(json, "bytes", "selector", "sha256")
                  && hasHash(json)
                  && isWhole(json, "bytes"));
      case OUTCOMES -> isListOf(json, Shape::isOutcome);
      case OBSERVED ->
          isExactly(
                  json,
                  Map.of("amount", NUMBER, "asset", TEXT, "gasCost", NUMBER, "limits", LIMIT_USES))
              || isExactly(
                  json,
                  Map.of(
                      "amount", NUMBER,
                      "asset", TEXT,
                      "gasCost", NUMBER,
                      "limits", LIMIT_USES,
                      "prices", PRICES));
      case LIMIT_USES -> isListOf(json, Shape::isLimitUse);
      case PRICES -> isListOf(json, Shape::isPrice);
      case UNMET -> isExactly(json, Map.of("criterion", TEXT, "expected", TEXT, "observed", TEXT));
    };
  }

  private static boolean isIntent(@Nullable Json json) {
    if (!(json instanceof Fields(var values))
        || !(values.get("kind") instanceof Text(String kind))) {
      return false;
    }
    return switch (kind) {
      case "native-transfer" ->
          isExactly(json, Map.of("kind", TEXT, "to", ADDRESS, "value", NUMBER));
      case "erc20-transfer" ->
          isExactly(json, Map.of("kind", TEXT, "to", ADDRESS, "token", ADDRESS, "value", NUMBER));
      case "contract-call" ->
          isExactly(json, Map.of("data", CALL_DATA, "kind", TEXT, "to", ADDRESS, "value", NUMBER));
      case "contract-creation" ->
          isExactly(json, Map.of("data", CALL_DATA, "kind", TEXT, "value", NUMBER));
      case "personal-message" -> isExactly(json, Map.of("kind", TEXT, "message", TEXT));
      case "typed-data" -> isExactly(json, Map.of("json", TEXT, "kind", TEXT));
      default -> false;
    };
  }

  private static boolean isListOf(@Nullable Json json, Predicate<Json> item) {
    if (json instanceof Items(var values)) {
      return values.stream().allMatch(item);
    }
    return hasKeys(json, "count", "sha256") && hasHash(json) && isWhole(json, "count");
  }

  private static boolean isLimitUse(Json json) {
    return isExactly(
        json,
        Map.of(
            "after", NUMBER, "before", NUMBER, "counter", TEXT, "maximum", NUMBER, "window", TEXT));
  }

  private static boolean isPrice(Json json) {
    return isExactly(
        json,
        Map.of(
            "asOf", TEXT,
            "asset", TEXT,
            "currency", TEXT,
            "decimals", NUMBER,
            "feed", TEXT,
            "price", TEXT,
            "signature", HEX));
  }

  private static boolean isOutcome(Json json) {
    return isExactly(json, Map.of("effect", TEXT, "rule", TEXT))
        || isExactly(json, Map.of("effect", TEXT, "rule", TEXT, "unmet", UNMET));
  }

  /// Whether it is an object of exactly these fields, each in its shape.
  static boolean isExactly(@Nullable Json json, Map<String, Shape> shapes) {
    return json instanceof Fields(var values)
        && values.keySet().equals(shapes.keySet())
        && shapes.entrySet().stream()
            .allMatch(shape -> shape.getValue().accepts(values.get(shape.getKey())));
  }

  private static boolean hasKeys(@Nullable Json json, String... keys) {
    return json instanceof Fields(var values) && values.keySet().equals(Set.of(keys));
  }

  private static boolean hasHash(@Nullable Json json) {
    return json instanceof Fields(var values) && HASH.accepts(values.get("sha256"));
  }

  private static boolean isWhole(@Nullable Json json, String key) {
    return json instanceof Fields(var values) && values.get(key) instanceof Whole;
  }
}
