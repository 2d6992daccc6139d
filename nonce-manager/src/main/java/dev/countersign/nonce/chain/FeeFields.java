package dev.countersign.nonce.chain;

import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.nonce.chain.FeeStrategies.Tier;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The key `fees` of a chain's file: a mapping, each of whose keys may be left out.
final class FeeFields {
  static final String KEY = "fees";

  private static final Set<String> KEYS =
      Set.of("strategy", "blocks", "economy", "normal", "urgent");
  private static final Set<String> TIER_KEYS = Set.of("percentile", "headroom", "gasPrice");

  private final ChainDocument document;

  private FeeFields(ChainDocument document) {
    this.document = document;
  }

  static FeeStrategies read(ChainDocument document, @Nullable Object value) {
    return value == null ? FeeStrategies.DEFAULT : new FeeFields(document).strategies(value);
  }

  private FeeStrategies strategies(Object value) {
    FeeStrategies unsaid = FeeStrategies.DEFAULT;
    Map<?, ?> map = mapping(KEY, value, KEYS);
    FeeStrategy standard =
        map.containsKey("strategy") ? standard(map.get("strategy")) : unsaid.standard();
    int blocks = integer(map, KEY, "blocks", 1, FeeStrategies.MOST_BLOCKS, unsaid.blocks());
    Tier economy = tier(map, "economy", unsaid.economy());
    Tier normal = tier(map, "normal", unsaid.normal());
    Tier urgent = tier(map, "urgent", unsaid.urgent());
    try {
      return new FeeStrategies(standard, blocks, economy, normal, urgent);
    } catch (IllegalArgumentException e) {
      throw document.wrong(KEY, String.valueOf(e.getMessage()));
    }
  }

  private FeeStrategy standard(@Nullable Object value) {
    try {
      FeeStrategy strategy = FeeStrategy.parse(String.valueOf(value));
      if (strategy != FeeStrategy.FIXED_CAP) {
        return strategy;
      }
    } catch (InvalidValueException _) {
      // As below.
    }
    throw document.wrong(KEY + ".strategy", "expected one of economy, normal, urgent");
  }

  private Tier tier(Map<?, ?> map, String name, Tier unsaid) {
    Object value = map.get(name);
    if (value == null) {
      return unsaid;
    }
    String key = KEY + "." + name;
    Map<?, ?> tier = mapping(key, value, TIER_KEYS);
    return new Tier(
        integer(tier, key, "percentile", 0, Tier.MOST_PERCENTILE, unsaid.percentile()),
        integer(tier, key, "headroom", Tier.LEAST_PERCENT, Tier.MOST_PERCENT, unsaid.headroom()),
        integer(tier, key, "gasPrice", Tier.LEAST_PERCENT, Tier.MOST_PERCENT, unsaid.gasPrice()));
  }

  private Map<?, ?> mapping(String at, Object value, Set<String> keys) {
    String known = String.join(", ", new TreeSet<>(keys));
    if (!(value instanceof Map<?, ?> map)) {
      throw document.wrong(at, "expected keys and values: " + known);
    }
    for (Object key : map.keySet()) {
      if (!(key instanceof String name) || !keys.contains(name)) {
        throw document.wrong(at + "." + key, "unknown key; there are " + known);
      }
    }
    return map;
  }

  private int integer(Map<?, ?> map, String at, String key, int least, int most, int unsaid) {
    if (!map.containsKey(key)) {
      return unsaid;
    }
    if (map.get(key) instanceof Integer number && number >= least && number <= most) {
      return number;
    }
    throw document.wrong(
        at + "." + key, "expected an integer from %d to %d".formatted(least, most));
  }
}
