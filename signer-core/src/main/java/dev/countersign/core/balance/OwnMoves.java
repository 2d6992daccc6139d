package dev.countersign.core.balance;

import java.math.BigInteger;
import java.util.Map;

/// What our own transactions moved, by their receipts.
///
/// @param changes what each holding gained, or lost when below 0, fees included
/// @param awaited nonces of ours that are mined, and that no receipt was found for
/// @param foreign mined nonces that this service never signed for
public record OwnMoves(Map<Holding, BigInteger> changes, long awaited, long foreign) {
  public static final OwnMoves NONE = new OwnMoves(Map.of(), 0, 0);

  public OwnMoves {
    changes = Map.copyOf(changes);
  }

  public BigInteger of(Holding holding) {
    return changes.getOrDefault(holding, BigInteger.ZERO);
  }
}
