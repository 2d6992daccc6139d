package dev.countersign.core.model;

import java.util.List;
import java.util.Optional;

/// What a client says about fees: exactly which, or how they are to be found once the transaction
/// gets its nonce, which may be hours later.
public sealed interface FeeChoice {
  /// These and no others.
  record Exact(Fees fees) implements FeeChoice {
    @Override
    public String text() {
      return "%s/%s/%s"
          .formatted(fees.maxPriorityFeePerGas(), fees.maxFeePerGas(), fees.gasLimit().units());
    }
  }

  /// What the market takes when the transaction gets its nonce.
  ///
  /// @param strategy nothing for the chain's own
  /// @param cap the most to offer per unit of gas; nothing for what policy allows. It is what
  ///     policy, limits and approvers judge, whatever the price turns out to be
  /// @param gasLimit nothing for what the node estimates
  record ByMarket(Optional<FeeStrategy> strategy, Optional<Wei> cap, Optional<GasLimit> gasLimit)
      implements FeeChoice {
    /// Nothing is said: the chain's own strategy, without a cap.
    public static final ByMarket UNSAID =
        new ByMarket(Optional.empty(), Optional.empty(), Optional.empty());

    private static final String NOTHING = "-";

    public ByMarket {
      if (strategy.equals(Optional.of(FeeStrategy.FIXED_CAP)) && cap.isEmpty()) {
        throw InvalidValueException.of(
            "cap", "none", "the most to offer per unit of gas, which fixed-cap needs");
      }
    }

    /// Whether anything is said at all.
    public boolean isSaid() {
      return !equals(UNSAID);
    }

    @Override
    public String text() {
      return isSaid()
          ? String.join(
              "/",
              strategy.map(FeeStrategy::text).orElse(NOTHING),
              cap.map(Wei::toString).orElse(NOTHING),
              gasLimit.map(limit -> Long.toString(limit.units())).orElse(NOTHING))
          : NOTHING;
    }

    /// Reads [#text] of what says something.
    ///
    /// @throws InvalidValueException on anything else
    public static ByMarket parse(String text) {
      List<String> parts = List.of(text.split("/", -1));
      if (parts.size() != 3) {
        throw InvalidValueException.of("fees", text, "STRATEGY/CAP/GAS-LIMIT, - for each not said");
      }
      ByMarket choice =
          new ByMarket(
              said(parts.get(0)).map(FeeStrategy::parse),
              said(parts.get(1)).map(Wei::parse),
              said(parts.get(2)).map(ByMarket::limit));
      if (!choice.isSaid() || !choice.text().equals(text)) {
        throw InvalidValueException.of("fees", text, choice.text());
      }
      return choice;
    }

    private static Optional<String> said(String part) {
      return part.equals(NOTHING) ? Optional.empty() : Optional.of(part);
    }

    private static GasLimit limit(String text) {
      try {
        return new GasLimit(Long.parseLong(text));
      } catch (NumberFormatException _) {
        throw InvalidValueException.of("gas limit", text, "a decimal integer below 2^63");
      }
    }
  }

  /// One text for each choice, without a line feed; `-` when nothing is said. That of fees begins
  /// with a digit, that of a strategy never does.
  String text();

  /// @param fees nothing where nothing is said
  static FeeChoice of(Optional<Fees> fees) {
    return fees.<FeeChoice>map(Exact::new).orElse(ByMarket.UNSAID);
  }

  /// The exact fees, where it is those.
  default Optional<Fees> exact() {
    return this instanceof Exact(Fees fees) ? Optional.of(fees) : Optional.empty();
  }

  /// What is said of the market, where anything is.
  default Optional<ByMarket> byMarket() {
    return this instanceof ByMarket market && market.isSaid()
        ? Optional.of(market)
        : Optional.empty();
  }

  /// The most per unit of gas that may be offered beyond what is signed first.
  default Optional<Wei> feeCap() {
    return byMarket().flatMap(ByMarket::cap);
  }
}
