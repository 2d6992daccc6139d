package dev.countersign.nonce.chain;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One definition as its file has it; reads each key once and knows which keys there may be.
final class ChainFile {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(ms|s|min)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of("ms", ChronoUnit.MILLIS, "s", ChronoUnit.SECONDS, "min", ChronoUnit.MINUTES);
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9.]{1,16}");
  private static final Duration SHORTEST_POLL = Duration.ofMillis(50);
  private static final Duration LONGEST_POLL = Duration.ofMinutes(5);
  private static final int MOST_CONFIRMATIONS = 10_000;
  private static final String BALANCE_INTERVAL = "balanceInterval";
  private static final Duration LONGEST_BALANCE_INTERVAL = Duration.ofHours(1);
  private static final int MOST_TOKENS = 100;

  static final Set<String> KEYS =
      Set.of(
          "id",
          "name",
          "nativeSymbol",
          "feeModel",
          "endpoints",
          "confirmations",
          "pollInterval",
          "explorer",
          "tokens",
          BALANCE_INTERVAL);

  private final Path file;
  private final Map<String, Object> values;

  /// @param values of the YAML document, as it was read
  ChainFile(Path file, Map<String, Object> values) {
    this.file = file;
    this.values = values;
  }

  ChainDefinition definition() {
    for (String key : values.keySet()) {
      if (!KEYS.contains(key)) {
        throw wrong(
            key, "unknown key; there are " + String.join(", ", KEYS.stream().sorted().toList()));
      }
    }
    return new ChainDefinition(
        id(),
        text("name"),
        symbol(),
        feeModel(),
        endpoints(),
        confirmations(),
        pollInterval(),
        explorer(),
        balances());
  }

  private ChainId id() {
    String id = text("id");
    try {
      return new ChainId(id);
    } catch (InvalidValueException e) {
      throw wrong("id", "expected " + e.expected() + ", got \"" + id + "\"");
    }
  }

  private String symbol() {
    String symbol = text("nativeSymbol");
    if (!SYMBOL.matcher(symbol).matches()) {
      throw wrong("nativeSymbol", "expected 1 to 16 letters and digits, got \"" + symbol + "\"");
    }
    return symbol;
  }

  private FeeModel feeModel() {
    String text = text("feeModel");
    for (FeeModel model : FeeModel.values()) {
      if (model.text().equals(text)) {
        return model;
      }
    }
    String known =
        Arrays.stream(FeeModel.values()).map(FeeModel::text).collect(Collectors.joining(", "));
    throw wrong("feeModel", "expected one of " + known + ", got \"" + text + "\"");
  }

  private List<URI> endpoints() {
    if (!(value("endpoints") instanceof List<?> list) || list.isEmpty()) {
      throw wrong("endpoints", "expected a list with at least one URL");
    }
    Set<URI> endpoints = new LinkedHashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String key = "endpoints[" + i + "]";
      if (!endpoints.add(endpoint(key, list.get(i)))) {
        throw wrong(key, "the same endpoint twice");
      }
    }
    return new ArrayList<>(endpoints);
  }

  /// An endpoint's text may hold an access key, so no message repeats it.
  private URI endpoint(String key, Object value) {
    String expected = "expected an http or https URL with a host";
    if (!(value instanceof String text)) {
      throw wrong(key, expected);
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw wrong(key, expected + ": " + e.getReason() + " at character " + e.getIndex());
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null) {
      throw wrong(key, expected);
    }
    return uri;
  }

  private int confirmations() {
    if (value("confirmations") instanceof Integer number
        && number >= 1
        && number <= MOST_CONFIRMATIONS) {
      return number;
    }
    throw wrong("confirmations", "expected an integer from 1 to " + MOST_CONFIRMATIONS);
  }

  private Duration pollInterval() {
    return duration("pollInterval", LONGEST_POLL, "50ms to 5min, such as 500ms or 2s");
  }

  private Duration duration(String key, Duration longest, String expected) {
    Matcher matcher = DURATION.matcher(value(key).toString());
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration interval = Duration.of(number, UNITS.get(matcher.group(2)));
      if (interval.compareTo(SHORTEST_POLL) >= 0 && interval.compareTo(longest) <= 0) {
        return interval;
      }
    }
    throw wrong(key, "expected " + expected);
  }

  private BalanceTerms balances() {
    return new BalanceTerms(
        tokens(),
        values.containsKey(BALANCE_INTERVAL)
            ? duration(BALANCE_INTERVAL, LONGEST_BALANCE_INTERVAL, "50ms to 60min, such as 15s")
            : BalanceTerms.DEFAULT.interval());
  }

  private List<Address> tokens() {
    if (!values.containsKey("tokens")) {
      return List.of();
    }
    if (!(value("tokens") instanceof List<?> list) || list.size() > MOST_TOKENS) {
      throw wrong("tokens", "expected a list of at most " + MOST_TOKENS + " addresses");
    }
    Set<Address> tokens = new LinkedHashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String key = "tokens[" + i + "]";
      // What YAML reads as a number when it is not quoted is none.
      String text = list.get(i) instanceof String quoted ? quoted : "";
      try {
        if (!tokens.add(Address.parse(text))) {
          throw wrong(key, "the same token twice");
        }
      } catch (InvalidValueException e) {
        throw wrong(key, "expected " + e.expected() + ", quoted");
      }
    }
    return new ArrayList<>(tokens);
  }

  private String explorer() {
    if (!values.containsKey("explorer")) {
      return "";
    }
    String text = text("explorer");
    if (!text.startsWith("https://") || !text.contains("{hash}")) {
      throw wrong("explorer", "expected an https URL with {hash} in it, got \"" + text + "\"");
    }
    return text;
  }

  private String text(String key) {
    if (value(key) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw wrong(key, "expected text");
  }

  private Object value(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw wrong(key, "missing");
    }
    return value;
  }

  private ChainDefinitionException wrong(String key, String problem) {
    return new ChainDefinitionException(file, key, problem);
  }
}
