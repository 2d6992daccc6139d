package dev.countersign.policy.document;

import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.price.FeedName;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.rule.DurationText;
import dev.countersign.policy.rule.PolicyName;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads the `prices` of a policy.
final class PricesReader {
  static final String KEY = "prices";
  static final List<String> KEYS = List.of("maximumAge", "feeds", "quorum");
  static final List<String> FEED_KEYS = List.of("name", "key");

  /// What is older says little of what something is worth.
  private static final Duration OLDEST = Duration.ofDays(7);

  private static final String AGE_FORM =
      "an ISO-8601 duration of whole seconds from PT1S to P7D, such as PT5M";
  private static final int MOST_FEEDS = 32;
  private static final String FEEDS_FORM =
      "a list of 1 to " + MOST_FEEDS + " feeds, each with name and key";
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]?");

  private final Problems problems;
  private final Map<ApproverKey, FeedName> owners = new HashMap<>();

  private PricesReader(Problems problems) {
    this.problems = problems;
  }

  /// @return nothing when there is no such section, or after noting what is wrong with it
  static Optional<PriceTerms> read(Fields root, Problems problems) {
    return root.find(KEY)
        .flatMap(value -> Fields.of(value, KEY, problems))
        .flatMap(fields -> new PricesReader(problems).terms(fields));
  }

  private Optional<PriceTerms> terms(Fields fields) {
    fields.refuseOthersThan(KEYS);
    Optional<Duration> maximumAge =
        fields.requireText("maximumAge", AGE_FORM).flatMap(text -> age(text, fields));
    SortedMap<FeedName, ApproverKey> feeds =
        fields
            .require("feeds", FEEDS_FORM)
            .map(value -> feeds(value, fields.path("feeds")))
            .orElse(new TreeMap<>());
    Optional<Integer> quorum =
        fields
            .find("quorum")
            .map(value -> quorum(value, fields.path("quorum"), feeds.size()))
            .orElse(Optional.of(1));
    return maximumAge.isEmpty() || feeds.isEmpty() || quorum.isEmpty()
        ? Optional.empty()
        : Optional.of(new PriceTerms(maximumAge.get(), feeds, quorum.get()));
  }

  private static Optional<Duration> age(Scalar text, Fields fields) {
    Optional<Duration> age =
        DurationText.parse(text.text()).filter(length -> length.compareTo(OLDEST) <= 0);
    if (age.isEmpty()) {
      fields
          .problems()
          .add(
              text.at(),
              fields.path("maximumAge"),
              "expected " + AGE_FORM + ", got " + text.kind());
    }
    return age;
  }

  private SortedMap<FeedName, ApproverKey> feeds(YamlNode value, String path) {
    SortedMap<FeedName, ApproverKey> feeds = new TreeMap<>();
    if (!(value instanceof Sequence list)
        || list.items().isEmpty()
        || list.items().size() > MOST_FEEDS) {
      String got =
          value instanceof Sequence several ? several.items().size() + " of them" : value.kind();
      problems.add(value.at(), path, "expected " + FEEDS_FORM + ", got " + got);
      return feeds;
    }
    for (int i = 0; i < list.items().size(); i++) {
      YamlNode item = list.items().get(i);
      Fields.of(item, path + "[" + i + "]", problems).ifPresent(feed -> feed(feed, feeds));
    }
    return feeds;
  }

  private void feed(Fields feed, SortedMap<FeedName, ApproverKey> feeds) {
    feed.refuseOthersThan(FEED_KEYS);
    Optional<FeedName> name = PolicyName.read(feed, "name").map(FeedName::new);
    Optional<ApproverKey> key =
        feed.requireText("key", "a public key: " + ApproverKey.FORM)
            .flatMap(text -> key(text, feed));
    if (name.isEmpty() || key.isEmpty()) {
      return;
    }
    FeedName owner = owners.putIfAbsent(key.get(), name.get());
    if (owner != null) {
      problems.add(
          feed.mapping().at(),
          feed.path("key"),
          "the key is that of %s already: each feed has a key of its own".formatted(owner));
    } else if (feeds.putIfAbsent(name.get(), key.get()) != null) {
      problems.add(feed.mapping().at(), feed.path(), "a second feed named " + name.get());
    }
  }

  private Optional<ApproverKey> key(Scalar text, Fields feed) {
    try {
      return Optional.of(ApproverKey.parse(text.text()));
    } catch (InvalidValueException e) {
      problems.add(
          text.at(), feed.path("key"), "expected " + e.expected() + ", got " + text.kind());
      return Optional.empty();
    }
  }

  private Optional<Integer> quorum(YamlNode value, String path, int feeds) {
    if (value instanceof Scalar text
        && COUNT.matcher(text.text()).matches()
        && Integer.parseInt(text.text()) <= feeds) {
      return Optional.of(Integer.valueOf(text.text()));
    }
    problems.add(
        value.at(),
        path,
        "expected a whole number from 1 to the number of feeds, %d, got %s"
            .formatted(feeds, value.kind()));
    return Optional.empty();
  }
}
