package dev.countersign.nonce.chain;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import dev.countersign.core.replacement.ReplacementTerms;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The key `replacement` of a chain's file: a mapping, each of whose keys may be left out.
final class ReplacementFields {
  static final String KEY = "replacement";

  private static final Set<String> KEYS =
      Set.of("after", "automatic", "bumpPercent", "maximumFeePerGas");
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,4})(s|min)");
  private static final Pattern PRICE = Pattern.compile("([0-9]{1,78}) ?(wei|gwei)");
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final int MOST_PERCENT = 100;

  private ReplacementFields() {}

  static ReplacementTerms read(ChainDocument document, @Nullable Object value) {
    ReplacementTerms unsaid = ReplacementTerms.DEFAULT;
    if (value == null) {
      return unsaid;
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw document.wrong(KEY, "expected keys and values: " + keys());
    }
    for (Object key : map.keySet()) {
      if (!(key instanceof String known) || !KEYS.contains(known)) {
        throw document.wrong(KEY + "." + key, "unknown key; there are " + keys());
      }
    }
    return new ReplacementTerms(
        map.containsKey("after") ? after(document, map.get("after")) : unsaid.after(),
        map.containsKey("automatic")
            ? automatic(document, map.get("automatic"))
            : unsaid.isAutomatic(),
        map.containsKey("bumpPercent")
            ? percent(document, map.get("bumpPercent"))
            : unsaid.bumpPercent(),
        map.containsKey("maximumFeePerGas")
            ? Optional.of(price(document, map.get("maximumFeePerGas")))
            : unsaid.maximumFeePerGas());
  }

  private static String keys() {
    return String.join(", ", new TreeSet<>(KEYS));
  }

  private static Duration after(ChainDocument document, @Nullable Object value) {
    Matcher matcher = DURATION.matcher(String.valueOf(value));
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration after =
          matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMinutes(number);
      if (after.compareTo(SHORTEST) >= 0 && after.compareTo(LONGEST) <= 0) {
        return after;
      }
    }
    throw document.wrong(KEY + ".after", "expected 1s to 1440min, such as 90s or 2min");
  }

  private static boolean automatic(ChainDocument document, @Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw document.wrong(KEY + ".automatic", "expected true or false");
  }

  private static int percent(ChainDocument document, @Nullable Object value) {
    if (value instanceof Integer number
        && number >= ReplacementTerms.LEAST_BUMP
        && number <= MOST_PERCENT) {
      return number;
    }
    throw document.wrong(
        KEY + ".bumpPercent",
        "expected an integer from %d, below which nodes refuse it, to %d"
            .formatted(ReplacementTerms.LEAST_BUMP, MOST_PERCENT));
  }

  private static Wei price(ChainDocument document, @Nullable Object value) {
    Matcher matcher = PRICE.matcher(String.valueOf(value));
    if (matcher.matches()) {
      BigInteger number = new BigInteger(matcher.group(1));
      try {
        return new Wei(matcher.group(2).equals("gwei") ? number.multiply(GWEI) : number);
      } catch (InvalidValueException _) {
        // As below.
      }
    }
    throw document.wrong(
        KEY + ".maximumFeePerGas", "expected an amount with its unit, such as 300 gwei");
  }
}
