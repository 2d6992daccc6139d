package dev.countersign.audit.report;

import dev.countersign.audit.entry.LogEntry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// In which tables an entry stands, and what they say of it: every entry stands in one at least.
final class SectionRows {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final long index;
  private final LogEntry entry;
  private final Admissions.Admission admission;
  private final List<Row> rows = new ArrayList<>();

  private SectionRows(long index, LogEntry entry, Admissions.Admission admission) {
    this.index = index;
    this.entry = entry;
    this.admission = admission;
  }

  /// A row of a table.
  ///
  /// @param cells as many as the section has columns
  record Row(Section section, List<String> cells) {
    Row {
      cells = List.copyOf(cells);
      if (cells.size() != section.columns().size()) {
        throw new IllegalArgumentException(
            "%s has %d columns, not %d".formatted(section, section.columns().size(), cells.size()));
      }
    }
  }

  /// @param admission of the entry's request
  static List<Row> of(long index, LogEntry entry, Admissions.Admission admission) {
    SectionRows of = new SectionRows(index, entry, admission);
    of.addAll();
    return of.rows;
  }

  /// RFC 3339 in UTC, as entries have it.
  static String time(Instant at) {
    return MICROS.format(at);
  }

  private void addAll() {
    switch (entry.type()) {
      case "request-admitted", "message-admitted" -> decision("admitted");
      case "request-denied" -> {
        decision("denied");
        refusal("", detail("rule"), detail("reason"));
      }
      case "judging-failed" -> {
        decision("denied: not judged");
        refusal("", "", detail("reason"));
      }
      case "request-refused" -> refusal(detail("code"), detail("field"), detail("message"));
      case "caller-refused" -> refusal("", "", detail("reason"));
      case "transaction-signed", "message-signed" -> signature();
      case "transaction-broadcast" -> settlement();
      case "transaction-unmined" -> {
        settlement();
        failure("its block was replaced; it is sent again");
      }
      case "transaction-confirmed" -> {
        settlement();
        if (detail("succeeded").equals("false")) {
          failure("reverted on chain");
        }
      }
      case "request-failed" -> failure(detail("reason"));
      case "policy-activated" ->
          add(
              Section.POLICY_CHANGES,
              entry.actorName(),
              entry.authentication(),
              detail("policy.number"),
              detail("policy.hash"));
      default ->
          add(
              Section.OTHER,
              entry.type(),
              entry.actorName(),
              entry.authentication(),
              entry.subject(),
              entry.details().entrySet().stream()
                  .map(field -> field.getKey() + "=" + field.getValue())
                  .collect(Collectors.joining(" | ")));
    }
  }

  /// @param cells those after the index and the time
  private void add(Section section, String... cells) {
    List<String> all = new ArrayList<>();
    all.add(Long.toString(index));
    all.add(time(entry.at()));
    all.addAll(List.of(cells));
    rows.add(new Row(section, all));
  }

  private String detail(String path) {
    return entry.details().getOrDefault(path, "");
  }

  private String request() {
    return entry.request().orElse("");
  }

  private void signature() {
    add(
        Section.SIGNATURES,
        request(),
        entry.requestDigest().orElse(""),
        admission.client(),
        admission.detail("wallet"),
        detail("chain"),
        admission.detail("intent.kind"),
        admission.detail("intent.to"),
        admission.detail("intent.token"),
        admission.detail("intent.value"),
        admission.detail("policy.number"),
        admission.detail("rule"),
        admission.index(),
        detail("nonce"),
        detail("transactionHash"));
  }

  private void decision(String verdict) {
    add(
        Section.DECISIONS,
        verdict,
        request(),
        entry.requestDigest().orElse(""),
        entry.actorName(),
        entry.authentication(),
        detail("wallet"),
        detail("chain"),
        detail("intent.kind"),
        detail("intent.to"),
        detail("intent.token"),
        detail("intent.value"),
        detail("intent.data"),
        detail("policy.number"),
        detail("policy.hash"),
        detail("rule"),
        detail("reason"),
        detail("observed.asset"),
        detail("observed.amount"),
        detail("observed.gasCost"),
        list("observed.limits", SectionRows::limit),
        list("outcomes", SectionRows::outcome));
  }

  private void refusal(String code, String fieldOrRule, String reason) {
    add(
        Section.REFUSALS,
        entry.type(),
        request(),
        entry.actorName(),
        entry.authentication(),
        entry.subject(),
        detail("clientRequestId"),
        code,
        fieldOrRule,
        reason);
  }

  private void failure(String reason) {
    add(
        Section.FAILURES,
        entry.type(),
        request(),
        entry.actorName(),
        detail("chain"),
        detail("transactionHash"),
        reason);
  }

  private void settlement() {
    add(
        Section.SETTLEMENT,
        entry.type(),
        request(),
        detail("chain"),
        detail("nonce"),
        detail("transactionHash"),
        detail("blockNumber"),
        detail("blockHash"),
        detail("succeeded"));
  }

  private static String limit(Map<String, String> use) {
    return "%s: %s -> %s of %s in %s"
        .formatted(
            use.get("counter"),
            use.get("before"),
            use.get("after"),
            use.get("maximum"),
            use.get("window"));
  }

  private static String outcome(Map<String, String> outcome) {
    String said = outcome.get("rule") + " " + outcome.get("effect");
    return outcome.containsKey("unmet.criterion")
        ? "%s: not met, %s expected %s, observed %s"
            .formatted(
                said,
                outcome.get("unmet.criterion"),
                outcome.get("unmet.expected"),
                outcome.get("unmet.observed"))
        : said + ": matched";
  }

  /// The items of a list, each in words; what was cut is shown as the entry has it.
  private String list(String path, Function<Map<String, String>, String> words) {
    List<String> items = new ArrayList<>();
    for (int i = 0; ; i++) {
      String prefix = path + "[" + i + "].";
      Map<String, String> item =
          entry.details().subMap(prefix, prefix + Character.MAX_VALUE).entrySet().stream()
              .collect(
                  Collectors.toMap(
                      field -> field.getKey().substring(prefix.length()), Map.Entry::getValue));
      if (item.isEmpty()) {
        return i == 0 ? detail(path) : String.join(" | ", items);
      }
      items.add(words.apply(item));
    }
  }
}
