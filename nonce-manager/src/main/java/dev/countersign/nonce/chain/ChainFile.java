package dev.countersign.nonce.chain;

import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One definition as its file has it; reads each key once and knows which keys there may be.
final class ChainFile {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(ms|s|min)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of("ms", ChronoUnit.MILLIS, "s", ChronoUnit.SECONDS, "min", ChronoUnit.MINUTES);
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9.]{1,16}");
  private static final Duration SHORTEST_POLL = Duration.ofMillis(50);
  private static final Duration LONGEST_POLL = Duration.ofMinutes(5);
  private static final Duration SHORTEST_BLOCK = Duration.ofMillis(10);
  private static final int MOST_CONFIRMATIONS = 10_000;
  private static final int MOST_IN_FLIGHT = 10_000;
  private static final int MOST_BATCH = 10_000;
  private static final String BALANCE_INTERVAL = "balanceInterval";
  private static final String FINAL_AT = "finalAt";
  private static final String BLOB_PROOFS = "blobProofs";

  /// Takes back what the shipped definition says.
  private static final String NONE = "none";

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
          "slip44",
          "blockTime",
          "finality",
          FINAL_AT,
          "inFlight",
          "transactionTypes",
          BLOB_PROOFS,
          "testNetwork",
          "quorum",
          "tokens",
          BALANCE_INTERVAL,
          FeeFields.KEY,
          ReplacementFields.KEY,
          PrivateRelayFields.KEY);

  private static final Set<String> ENDPOINT_KEYS = Set.of("url", "batch");

  private final ChainDocument document;
  private final List<ChainEndpoint> instead;
  private final Map<String, Object> values;

  /// @param instead endpoints that take the place of the document's, or none
  ChainFile(ChainDocument document, List<ChainEndpoint> instead) {
    this.document = document;
    this.instead = instead;
    this.values = new LinkedHashMap<>(document.values());
    // What is shipped for the chain stands where the document says nothing.
    shippedId()
        .flatMap(ShippedChains::find)
        .ifPresent(known -> known.values().forEach(values::putIfAbsent));
  }

  private Optional<ChainId> shippedId() {
    try {
      return Optional.of(new ChainId(String.valueOf(values.get("id"))));
    } catch (InvalidValueException _) {
      return Optional.empty();
    }
  }

  ChainDefinition definition() {
    for (String key : values.keySet()) {
      if (!KEYS.contains(key)) {
        throw wrong(
            key, "unknown key; there are " + String.join(", ", KEYS.stream().sorted().toList()));
      }
    }
    ChainId id = id();
    List<ChainEndpoint> endpoints = instead.isEmpty() ? endpoints() : instead;
    return new ChainDefinition(
        id,
        text("name"),
        symbol(),
        chosen("feeModel", FeeModel.values(), FeeModel::text),
        endpoints,
        integer("confirmations", 1, MOST_CONFIRMATIONS),
        duration(
            "pollInterval",
            SHORTEST_POLL,
            LONGEST_POLL,
            "expected 50ms to 5min, such as 500ms or 2s"),
        explorer(),
        facts(),
        values.containsKey("quorum")
            ? integer("quorum", 1, endpoints.size())
            : ChainDefinition.majority(endpoints.size()),
        balances(),
        ReplacementFields.read(document, values.get(ReplacementFields.KEY)),
        PrivateRelayFields.read(document, values.get(PrivateRelayFields.KEY), endpoints));
  }

  private BalanceTerms balances() {
    return new BalanceTerms(
        tokens(),
        values.containsKey(BALANCE_INTERVAL)
            ? duration(
                BALANCE_INTERVAL,
                SHORTEST_POLL,
                LONGEST_BALANCE_INTERVAL,
                "expected 50ms to 60min, such as 15s")
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

  private ChainFacts facts() {
    ChainFacts unsaid = ChainFacts.UNSAID;
    Set<FinalityTag> finality =
        values.containsKey("finality")
            ? set("finality", FinalityTag.values(), FinalityTag::text)
            : unsaid.finality();
    return new ChainFacts(
        values.containsKey("slip44") ? integer("slip44", 0, Integer.MAX_VALUE) : unsaid.slip44(),
        values.containsKey("blockTime")
            ? duration(
                "blockTime",
                SHORTEST_BLOCK,
                LONGEST_POLL,
                "expected 10ms to 5min, such as 250ms or 12s")
            : unsaid.blockTime(),
        finality,
        finalAt(finality),
        values.containsKey("inFlight") ? integer("inFlight", 1, MOST_IN_FLIGHT) : unsaid.inFlight(),
        values.containsKey("transactionTypes")
            ? set("transactionTypes", TransactionType.values(), TransactionType::text)
            : unsaid.transactionTypes(),
        values.containsKey("testNetwork") ? flag("testNetwork") : unsaid.testNetwork(),
        FeeFields.read(document, values.get(FeeFields.KEY)),
        blobProofs());
  }

  private Optional<BlobProofs> blobProofs() {
    return values.containsKey(BLOB_PROOFS) && !NONE.equals(values.get(BLOB_PROOFS))
        ? Optional.of(chosen(BLOB_PROOFS, BlobProofs.values(), BlobProofs::text))
        : Optional.empty();
  }

  private Optional<FinalityTag> finalAt(Set<FinalityTag> answered) {
    if (!values.containsKey(FINAL_AT) || NONE.equals(values.get(FINAL_AT))) {
      return Optional.empty();
    }
    FinalityTag tag = chosen(FINAL_AT, FinalityTag.values(), FinalityTag::text);
    if (!answered.contains(tag)) {
      throw wrong(FINAL_AT, "expected one of the tags under finality, or none");
    }
    return Optional.of(tag);
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

  private <E> E chosen(String key, E[] all, Function<E, String> text) {
    return chosen(key, text(key), all, text);
  }

  private <E> E chosen(String key, String name, E[] all, Function<E, String> text) {
    return Arrays.stream(all)
        .filter(one -> text.apply(one).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    key,
                    "expected one of %s, got \"%s\""
                        .formatted(
                            Arrays.stream(all).map(text).collect(Collectors.joining(", ")), name)));
  }

  private <E> Set<E> set(String key, E[] all, Function<E, String> text) {
    if (!(value(key) instanceof List<?> list)) {
      throw wrong(key, "expected a list");
    }
    Set<E> chosen = new LinkedHashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String at = key + "[" + i + "]";
      if (!chosen.add(chosen(at, String.valueOf(list.get(i)), all, text))) {
        throw wrong(at, "twice");
      }
    }
    return chosen;
  }

  private List<ChainEndpoint> endpoints() {
    if (!(value("endpoints") instanceof List<?> list) || list.isEmpty()) {
      throw wrong("endpoints", "expected a list with at least one URL");
    }
    Map<URI, ChainEndpoint> endpoints = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      String key = "endpoints[" + i + "]";
      ChainEndpoint endpoint = endpoint(key, list.get(i));
      if (endpoints.put(endpoint.url(), endpoint) != null) {
        throw wrong(key, "the same endpoint twice");
      }
    }
    return new ArrayList<>(endpoints.values());
  }

  private ChainEndpoint endpoint(String key, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return ChainEndpoint.of(url(key, value));
    }
    for (Object name : map.keySet()) {
      if (!(name instanceof String known) || !ENDPOINT_KEYS.contains(known)) {
        throw wrong(key, "unknown key in it; there are batch, url");
      }
    }
    Object batch = map.get("batch");
    if (batch == null) {
      return ChainEndpoint.of(url(key, map.get("url")));
    }
    if (!(batch instanceof Integer most) || most < 1 || most > MOST_BATCH) {
      throw wrong(key + ".batch", "expected an integer from 1 to " + MOST_BATCH);
    }
    return new ChainEndpoint(url(key, map.get("url")), OptionalInt.of(most));
  }

  /// An endpoint's text may hold an access key, so no message repeats it.
  private URI url(String key, @Nullable Object value) {
    if (!(value instanceof String text)) {
      throw wrong(key, "expected an http or https URL with a host");
    }
    try {
      return ChainEndpoint.parse(text).url();
    } catch (IllegalArgumentException e) {
      throw wrong(key, String.valueOf(e.getMessage()));
    }
  }

  private int integer(String key, int least, int most) {
    if (value(key) instanceof Integer number && number >= least && number <= most) {
      return number;
    }
    throw wrong(key, "expected an integer from %d to %d".formatted(least, most));
  }

  private boolean flag(String key) {
    if (value(key) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "expected true or false");
  }

  private Duration duration(String key, Duration shortest, Duration longest, String expected) {
    Matcher matcher = DURATION.matcher(value(key).toString());
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration = Duration.of(number, UNITS.get(matcher.group(2)));
      if (duration.compareTo(shortest) >= 0 && duration.compareTo(longest) <= 0) {
        return duration;
      }
    }
    throw wrong(key, expected);
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
    return document.wrong(key, problem);
  }
}
