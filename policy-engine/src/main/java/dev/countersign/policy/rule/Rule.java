package dev.countersign.policy.rule;

import dev.countersign.core.decision.Route;
import dev.countersign.core.price.SignedPrice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A rule of a policy: all of its criteria hold, or it does not match.
///
/// @param description for people, or empty
/// @param criteria in the order in which they are judged
/// @param limits of a rule that allows: each must have room. Of a rule that restricts: it restricts
///     only what one of them has no room for. They are judged last
/// @param demand of a rule that requires or delays, and of no other
/// @param relay of a rule that allows, if what it allows goes by the private relay
public record Rule(
    String name,
    Effect effect,
    String description,
    List<Criterion> criteria,
    List<RollingLimit> limits,
    Optional<Demand> demand,
    Optional<RelayTerms> relay) {
  public Rule {
    criteria = List.copyOf(criteria);
    limits = List.copyOf(limits);
    if (demand.isPresent() != effect.isDemanding()) {
      throw new IllegalArgumentException("a rule that " + effect + "s demands " + demand);
    }
    if (relay.isPresent() && effect != Effect.ALLOW) {
      throw new IllegalArgumentException("a rule that " + effect + "s sends nothing anywhere");
    }
  }

  /// By the chain's nodes.
  public Rule(
      String name,
      Effect effect,
      String description,
      List<Criterion> criteria,
      List<RollingLimit> limits,
      Optional<Demand> demand) {
    this(name, effect, description, criteria, limits, demand, Optional.empty());
  }

  /// How what it allows gets to its chain.
  public Route route() {
    return relay.map(terms -> terms.route(name)).orElse(Route.open());
  }

  /// Whether every criterion holds; limits aside.
  public boolean isAbout(JudgedAction action) {
    for (Criterion criterion : criteria) {
      if (!criterion.holds(action)) {
        return false;
      }
    }
    return true;
  }

  /// The prices that amounts of currencies of it are compared by, when all of its other criteria
  /// hold, whether it then matches or not.
  public List<SignedPrice> prices(JudgedAction action) {
    List<SignedPrice> prices = new ArrayList<>();
    boolean holds = true;
    for (Criterion criterion : criteria) {
      List<SignedPrice> compared = criterion.prices(action);
      prices.addAll(compared);
      if (!criterion.holds(action)) {
        if (compared.isEmpty()) {
          return List.of();
        }
        holds = false;
      }
    }
    if (holds) {
      limits.forEach(limit -> prices.addAll(limit.prices(action)));
    }
    return prices;
  }

  /// Why nobody can tell what an amount is worth that this rule compares; nothing where that is
  /// known.
  public Optional<String> unpriced(JudgedAction action) {
    return Stream.concat(
            criteria.stream().map(criterion -> criterion.unpriced(action)),
            limits.stream().map(limit -> limit.unpriced(action)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /// [#isAbout], as far as it can be told ahead of judging.
  public boolean mayBeAbout(JudgedAction action) {
    for (Criterion criterion : criteria) {
      if (!criterion.mayHold(action)) {
        return false;
      }
    }
    return true;
  }

  /// A policy has no two rules of one name, and every judgement puts rules into sets.
  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
