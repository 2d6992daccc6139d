package dev.countersign.policy.diff;

import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.price.FeedName;
import dev.countersign.policy.diff.PolicyChange.Kind;
import dev.countersign.policy.price.PriceTerms;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Whose prices count. Prices that may be older, or that fewer feeds have to have, loosen. So does
/// another feed, which has prices where there were none; and one feed less, whose price may have
/// been the highest. Prices that have to be newer tighten only where every feed has to have one:
/// else the highest may be too old now, and a lower one counts. A section that comes or goes with
/// all of its amounts is neither: what the amounts let through is told of their rules.
final class PriceDiff {
  private static final String SECTION = "prices";
  private static final String NOTHING = "nothing";

  private final List<PolicyChange> changes = new ArrayList<>();

  private PriceDiff() {}

  static List<PolicyChange> changes(Optional<PriceTerms> before, Optional<PriceTerms> after) {
    PriceDiff diff = new PriceDiff();
    if (before.isPresent() && after.isPresent()) {
      diff.compare(before.get(), after.get());
    } else {
      before.ifPresent(terms -> diff.whole(Kind.REMOVED, terms));
      after.ifPresent(terms -> diff.whole(Kind.ADDED, terms));
    }
    return diff.changes;
  }

  private void whole(Kind kind, PriceTerms terms) {
    boolean gone = kind == Kind.REMOVED;
    List<String> all = new ArrayList<>();
    all.add("maximumAge " + terms.maximumAge());
    terms.feeds().forEach((name, key) -> all.add("feed " + name + " " + key.text()));
    all.add("quorum " + terms.quorum());
    add(
        "",
        "",
        kind,
        gone ? all : List.of(),
        gone ? List.of() : all,
        Direction.NEITHER,
        "prices: %s: %s".formatted(gone ? "removed" : "new", String.join("; ", all)));
  }

  private void compare(PriceTerms old, PriceTerms now) {
    int longer = now.maximumAge().compareTo(old.maximumAge());
    if (longer != 0) {
      boolean tightens = longer < 0 && now.quorum() == now.feeds().size();
      changed(
          "",
          "maximumAge",
          old.maximumAge().toString(),
          now.maximumAge().toString(),
          tightens ? Direction.TIGHTENS : Direction.LOOSENS,
          Ratio.text(
                  BigInteger.valueOf(old.maximumAge().toSeconds()),
                  BigInteger.valueOf(now.maximumAge().toSeconds()))
              + (longer > 0 || tightens ? "" : "; the highest price may be too old then"));
    }
    if (old.quorum() != now.quorum()) {
      changed(
          "",
          "quorum",
          Integer.toString(old.quorum()),
          Integer.toString(now.quorum()),
          now.quorum() < old.quorum() ? Direction.LOOSENS : Direction.TIGHTENS,
          "");
    }
    feeds(old.feeds(), now.feeds());
  }

  private void feeds(SortedMap<FeedName, ApproverKey> old, SortedMap<FeedName, ApproverKey> now) {
    SortedMap<FeedName, ApproverKey> all = new TreeMap<>(old);
    all.putAll(now);
    for (FeedName feed : all.keySet()) {
      String was = Optional.ofNullable(old.get(feed)).map(ApproverKey::text).orElse(NOTHING);
      String is = Optional.ofNullable(now.get(feed)).map(ApproverKey::text).orElse(NOTHING);
      if (is.equals(NOTHING)) {
        add(
            feed.value(),
            "",
            Kind.REMOVED,
            List.of(was),
            List.of(),
            Direction.LOOSENS,
            "price feed %s: removed; its price may have been the highest".formatted(feed));
      } else if (was.equals(NOTHING)) {
        add(
            feed.value(),
            "",
            Kind.ADDED,
            List.of(),
            List.of(is),
            Direction.LOOSENS,
            "price feed %s: new, %s; its prices count, too".formatted(feed, is));
      } else if (!was.equals(is)) {
        changed(feed.value(), "key", was, is, Direction.LOOSENS, "");
      }
    }
  }

  private void changed(
      String feed, String key, String was, String is, Direction direction, String remark) {
    add(
        feed,
        key,
        Kind.CHANGED,
        List.of(was),
        List.of(is),
        direction,
        "%s: %s %s -> %s%s"
            .formatted(feed.isEmpty() ? SECTION : "price feed " + feed, key, was, is, remark));
  }

  private void add(
      String feed,
      String key,
      Kind kind,
      List<String> was,
      List<String> is,
      Direction direction,
      String text) {
    changes.add(new PolicyChange(SECTION, feed, key, kind, was, is, direction, text));
  }
}
