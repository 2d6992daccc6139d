package dev.countersign.policy.feed;

import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.hold.HoldStore;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.store.ActivePolicies;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Takes in what feeds publish, by the active policy. Safe for concurrent use.
public final class PriceFeeds {
  /// More in one call are refused; with a message around them these are less than 256 KiB.
  public static final int MOST_PRICES = 500;

  /// Longer than any `maximumAge`.
  private static final Duration OLDEST = Duration.ofDays(8);

  private final UnitOfWork unitOfWork;
  private final ActivePolicies policies;
  private final LimitClock clock;
  private final PriceRows rows = new PriceRows();

  /// @param clock that of the database, against which feeds' clocks are held
  public PriceFeeds(UnitOfWork unitOfWork, ActivePolicies policies, LimitClock clock) {
    this.unitOfWork = unitOfWork;
    this.policies = policies;
    this.clock = clock;
  }

  /// Of what a price is, and whose: of each the newest is kept.
  public record Slot(FeedName feed, AssetId asset, CurrencyCode currency) {
    static Slot of(PriceStatement price) {
      return new Slot(price.feed(), price.asset(), price.currency());
    }
  }

  /// What became of one price.
  public sealed interface Taking {
    /// It is durable, and counts from now on.
    record Taken(PriceStatement price) implements Taking {}

    /// One of the same feed, asset and currency that is as new or newer is there, or in the same
    /// call: it is ignored.
    record NotNewer(PriceStatement price) implements Taking {}

    /// It is no price of a feed of the active policy.
    ///
    /// @param reason what was wrong, and what was expected
    record Refused(String reason) implements Taking {}
  }

  /// Takes in those that are right, whatever the others are.
  ///
  /// @param offered each in the form of [SignedPrice#bytes]; at most [#MOST_PRICES]
  /// @return an answer for each, in order
  public List<Taking> publish(List<Bytes> offered) {
    if (offered.size() > MOST_PRICES) {
      throw InvalidValueException.of(
          "prices", offered.size() + " of them", "at most " + MOST_PRICES);
    }
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          Optional<PriceTerms> terms = policies.look(handle).prices();
          Instant now = now(handle);
          List<Checked> checked = offered.stream().map(one -> check(one, terms, now)).toList();
          Map<Slot, SignedPrice> newest = new HashMap<>();
          checked.forEach(
              one ->
                  one.price()
                      .ifPresent(price -> newest.merge(slot(price), price, PriceFeeds::newer)));
          Set<Slot> taken = rows.take(handle, newest.values());
          List<Taking> answers = new ArrayList<>();
          for (Checked one : checked) {
            answers.add(
                one.price()
                    .<Taking>map(
                        price ->
                            taken.contains(slot(price)) && price.equals(newest.get(slot(price)))
                                ? new Taking.Taken(price.statement())
                                : new Taking.NotNewer(price.statement()))
                    .orElseGet(() -> new Taking.Refused(one.refusal())));
          }
          return answers;
        });
  }

  /// A price of the list.
  ///
  /// @param isAuthentic whether its feed is one of the active policy, and it is signed by its key
  /// @param isFresh whether it counts now
  public record Listed(SignedPrice price, boolean isAuthentic, boolean isFresh) {}

  /// The newest prices there are, by feed, asset and currency.
  ///
  /// @param after the last of the page before
  /// @param most how many
  public List<Listed> list(Optional<Slot> after, int most) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          Optional<PriceTerms> terms = policies.look(handle).prices();
          Instant now = now(handle);
          return rows.page(handle, after, most).stream()
              .map(
                  price -> {
                    boolean named = terms.map(by -> by.isAuthentic(price)).orElse(false);
                    boolean fresh =
                        named && terms.map(by -> by.isFresh(price.statement(), now)).orElse(false);
                    return new Listed(price, named, fresh);
                  })
              .toList();
        });
  }

  private Instant now(Handle handle) {
    return clock.now().orElseGet(() -> HoldStore.now(handle));
  }

  private static Slot slot(SignedPrice price) {
    return Slot.of(price.statement());
  }

  private static SignedPrice newer(SignedPrice one, SignedPrice other) {
    return other.statement().asOf().isAfter(one.statement().asOf()) ? other : one;
  }

  private record Checked(Optional<SignedPrice> price, String refusal) {
    static Checked refused(String reason) {
      return new Checked(Optional.empty(), reason);
    }
  }

  private static Checked check(Bytes offered, Optional<PriceTerms> terms, Instant now) {
    if (terms.isEmpty()) {
      return Checked.refused("the active policy has no `prices`: it names no feed");
    }
    try {
      SignedPrice price = SignedPrice.parse(offered);
      PriceStatement statement = price.statement();
      ApproverKey key = terms.get().feeds().get(statement.feed());
      if (key == null) {
        return Checked.refused(
            "the active policy has no feed %s, expected one of %s"
                .formatted(statement.feed(), terms.get().feeds().keySet()));
      }
      if (terms.get().isEarly(statement, now)) {
        return Checked.refused(
            "as of %s, which is later than %s by more than the %s that clocks may differ by"
                .formatted(statement.asOf(), now, PriceTerms.SKEW));
      }
      if (statement.asOf().isBefore(now.minus(OLDEST))) {
        return Checked.refused(
            "as of %s, which is more than %s before %s: no policy takes a price that old"
                .formatted(statement.asOf(), OLDEST, now));
      }
      return price.isSignedBy(key)
          ? new Checked(Optional.of(price), "")
          : Checked.refused(
              "the signature is not by the key of feed %s, %s, over exactly these lines"
                  .formatted(statement.feed(), key.text()));
    } catch (InvalidValueException e) {
      return Checked.refused(String.valueOf(e.getMessage()));
    }
  }
}
