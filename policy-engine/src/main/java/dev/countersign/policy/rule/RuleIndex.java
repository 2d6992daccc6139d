package dev.countersign.policy.rule;

import dev.countersign.core.price.CurrencyCode;
import dev.countersign.policy.price.Quotation;
import dev.countersign.policy.rule.IndexDimension.Listing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules of a policy, found by what an action has: judging costs as much as the rules that may
/// match, however many there are besides.
///
/// Each rule is filed under the one of its listed values that it shares with the fewest others. An
/// action then meets the rules filed under its own values, and those that list nothing.
public final class RuleIndex {
  private final List<Rule> rules;
  private final boolean demands;
  private final boolean timed;
  private final Set<CurrencyCode> currencies;
  private final int[] everywhere;
  private final Map<IndexDimension, Map<Object, int[]>> filed;

  private RuleIndex(
      List<Rule> rules, int[] everywhere, Map<IndexDimension, Map<Object, int[]>> filed) {
    this.rules = rules;
    this.demands = rules.stream().anyMatch(rule -> rule.effect().isDemanding());
    this.timed = rules.stream().anyMatch(RuleIndex::isTimed);
    this.currencies =
        rules.stream().flatMap(RuleIndex::currencies).collect(Collectors.toUnmodifiableSet());
    this.everywhere = everywhere;
    this.filed = filed;
  }

  /// @param rules in the order of the document
  public static RuleIndex of(List<Rule> rules) {
    Map<IndexDimension, Map<Object, Integer>> sharing = sharing(rules);
    List<Integer> everywhere = new ArrayList<>();
    Map<IndexDimension, Map<Object, List<Integer>>> filed = new EnumMap<>(IndexDimension.class);
    for (int i = 0; i < rules.size(); i++) {
      Optional<Listing> rarest = rarest(rules.get(i), sharing);
      if (rarest.isEmpty()) {
        everywhere.add(i);
      } else {
        var drawer = filed.computeIfAbsent(rarest.get().dimension(), _ -> new HashMap<>());
        for (Object value : rarest.get().listed()) {
          drawer.computeIfAbsent(value, _ -> new ArrayList<>()).add(i);
        }
      }
    }
    Map<IndexDimension, Map<Object, int[]>> packed = new EnumMap<>(IndexDimension.class);
    filed.forEach(
        (dimension, drawer) -> {
          Map<Object, int[]> values = HashMap.newHashMap(drawer.size());
          drawer.forEach((value, positions) -> values.put(value, packed(positions)));
          packed.put(dimension, values);
        });
    return new RuleIndex(List.copyOf(rules), packed(everywhere), packed);
  }

  /// The age of a price counts.
  private static boolean isTimed(Rule rule) {
    return rule.criteria().stream().anyMatch(Criterion::isTimed)
        || rule.limits().stream().anyMatch(limit -> limit.quotation().isPresent());
  }

  private static Stream<CurrencyCode> currencies(Rule rule) {
    return Stream.concat(
        rule.criteria().stream()
            .filter(MoneyCriterion.class::isInstance)
            .map(criterion -> ((MoneyCriterion) criterion).money().currency()),
        rule.limits().stream()
            .flatMap(limit -> limit.quotation().stream())
            .map(Quotation::currency));
  }

  private static Map<IndexDimension, Map<Object, Integer>> sharing(List<Rule> rules) {
    Map<IndexDimension, Map<Object, Integer>> sharing = new EnumMap<>(IndexDimension.class);
    for (Rule rule : rules) {
      for (Criterion criterion : rule.criteria()) {
        if (criterion instanceof Listing listing) {
          var counts = sharing.computeIfAbsent(listing.dimension(), _ -> new HashMap<>());
          listing.listed().forEach(value -> counts.merge(value, 1, Integer::sum));
        }
      }
    }
    return sharing;
  }

  private static Optional<Listing> rarest(
      Rule rule, Map<IndexDimension, Map<Object, Integer>> sharing) {
    return rule.criteria().stream()
        .filter(Listing.class::isInstance)
        .map(Listing.class::cast)
        .min(
            Comparator.comparingInt(
                listing -> {
                  var counts = sharing.getOrDefault(listing.dimension(), Map.of());
                  return listing.listed().stream()
                      .mapToInt(value -> counts.getOrDefault(value, 0))
                      .max()
                      .orElse(0);
                }));
  }

  private static int[] packed(List<Integer> positions) {
    return positions.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Whether any of them makes a request wait.
  public boolean demands() {
    return demands;
  }

  /// Whether any of them depends on the time of judging.
  public boolean isTimed() {
    return timed;
  }

  /// Those that amounts of the rules are in.
  public Set<CurrencyCode> currencies() {
    return currencies;
  }

  /// All rules, in the order of the document.
  public List<Rule> rules() {
    return rules;
  }

  /// The rules that may match, in the order of the document.
  public List<Rule> candidates(JudgedAction action) {
    if (action.isForEveryChain()) {
      return rules;
    }
    int[] found = everywhere;
    boolean isMerged = false;
    for (var drawer : filed.entrySet()) {
      Optional<?> value = drawer.getKey().of(action);
      int[] more = value.isEmpty() ? null : drawer.getValue().get(value.get());
      if (more != null) {
        int[] both = Arrays.copyOf(found, found.length + more.length);
        System.arraycopy(more, 0, both, found.length, more.length);
        found = both;
        isMerged = true;
      }
    }
    if (isMerged) {
      Arrays.sort(found);
    }
    List<Rule> candidates = new ArrayList<>(found.length);
    for (int position : found) {
      candidates.add(rules.get(position));
    }
    return candidates;
  }
}
