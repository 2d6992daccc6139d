package dev.countersign.nonce.lane;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.database.SqlRows;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// The most that transactions may still take of accounts, as far as nodes had not mined them when
/// they told the balance.
///
/// @param sums by lane and by what was mined of it
public record InFlight(Map<Mined, Sum> sums) {
  private static final Sum NOTHING = new Sum(BigInteger.ZERO, 0, Optional.empty());

  /// @param most that they may take together, in wei
  /// @param count how many they are
  /// @param highest of their nonces; nothing when there is none
  record Sum(BigInteger most, int count, Optional<Nonce> highest) {}

  /// @param count how many transactions of the lane were mined: the nonces from it on were not
  public record Mined(Lane lane, Nonce count) {
    static Mined of(Account account) {
      return new Mined(account.lane(), account.mined());
    }
  }

  /// Adds up by nonce and not by state: whoever reads the chain through a node that lags behind the
  /// tracker gets an old balance with an old count, and the two still fit.
  static InFlight of(Handle handle, Collection<Account> accounts) {
    Set<Mined> asked = accounts.stream().map(Mined::of).collect(Collectors.toSet());
    return new InFlight(
        SqlRows.of(asked)
            .text("chain", mined -> mined.lane().chain().caip2())
            .text("address", mined -> mined.lane().address().hex())
            .bigint("mined", mined -> mined.count().value())
            .bindTo(
                handle.createQuery(
                    """
                    SELECT asked.chain, asked.address, asked.mined, sum(t.most_cost) AS most,
                      count(*) AS count, max(t.nonce) AS highest
                    FROM unnest(:chain, :address, :mined) AS asked (chain, address, mined)
                    JOIN nonce.transaction t
                      ON (t.chain, t.address) = (asked.chain, asked.address)
                        AND t.nonce >= asked.mined
                    GROUP BY asked.chain, asked.address, asked.mined
                    """))
            .map(
                (row, context) ->
                    Map.entry(
                        new Mined(
                            new Lane(
                                new ChainId(row.getString("chain")),
                                new Address(row.getString("address"))),
                            new Nonce(row.getLong("mined"))),
                        new Sum(
                            row.getBigDecimal("most").toBigIntegerExact(),
                            row.getInt("count"),
                            Optional.of(new Nonce(row.getLong("highest"))))))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  Sum of(Account account) {
    return sums.getOrDefault(Mined.of(account), NOTHING);
  }

  /// Whether anything in flight has a higher nonce than this.
  boolean isAbove(Account account, Nonce nonce) {
    return of(account).highest().filter(highest -> highest.compareTo(nonce) > 0).isPresent();
  }

  /// What is left of an account's balance besides all that is in flight.
  public static BigInteger left(Handle handle, Account account) {
    return of(handle, Set.of(account)).leftOf(account, BigInteger.ZERO);
  }

  /// What is left of the account's balance, besides `promised`.
  BigInteger leftOf(Account account, BigInteger promised) {
    return account.balance().value().subtract(of(account).most()).subtract(promised);
  }
}
