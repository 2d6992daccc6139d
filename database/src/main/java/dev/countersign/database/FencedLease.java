package dev.countersign.database;

import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A lease that one of several instances has at a time, by the clock of the database alone, with a
/// fence: a number that grows each time another instance takes it. Whoever works under a lease
/// writes through [#fenced], which commits nothing once the number has grown; so however late a
/// worker is, it does no harm.
///
/// The lease is a row of a table with the columns `chain` (its name), `holder`, `lease_until` and
/// `fence`. One thread takes and uses it; [#keeping] renews it on another.
public final class FencedLease {
  private static final Logger LOG = LoggerFactory.getLogger(FencedLease.class);
  private static final Pattern TABLE = Pattern.compile("[a-z_]+\\.[a-z_]+");
  private static final String NAME = "name";
  private static final String HOLDER = "holder";
  private static final String FENCE = "fence";
  private static final String SECONDS = "seconds";
  private static final double MILLIS = 1000;

  /// A lease is renewed this often in its length while work goes on.
  private static final int RENEWALS_IN_LENGTH = 3;

  /// Work that takes longer than this many lengths is taken to hang: another instance may try.
  private static final int MOST_LENGTHS = 20;

  private final UnitOfWork unitOfWork;
  private final Terms terms;
  private volatile OptionalLong fence = OptionalLong.empty();

  /// @param table with its schema; never from outside
  /// @param name which of the table's leases
  /// @param holder a name that this process alone has
  /// @param length how long it lasts unless it is renewed
  public record Terms(String table, String name, UUID holder, Duration length) {
    public Terms {
      if (!TABLE.matcher(table).matches()) {
        throw new IllegalArgumentException("expected schema.table, got " + table);
      }
      if (!length.isPositive()) {
        throw new IllegalArgumentException("a lease of " + length);
      }
    }
  }

  public FencedLease(UnitOfWork unitOfWork, Terms terms) {
    this.unitOfWork = unitOfWork;
    this.terms = terms;
  }

  /// Takes or keeps it, if no other instance has it. Writes only when half of it is over.
  ///
  /// @return whether this instance has it now
  public boolean hold() {
    fence = unitOfWork.inTransaction(transaction -> hold(handle(transaction)));
    return fence.isPresent();
  }

  private OptionalLong hold(Handle handle) {
    record Standing(boolean mine, boolean fresh, boolean over, long fence) {}
    var standing =
        handle
            .createQuery(
                sql(
                    """
                    SELECT holder = :holder AS mine, lease_until <= now() AS over, fence,
                      lease_until > now() + make_interval(secs => :seconds / 2) AS fresh
                    FROM %s WHERE chain = :name
                    """))
            .bind(NAME, terms.name())
            .bind(HOLDER, terms.holder())
            .bind(SECONDS, seconds())
            .map(
                (row, context) ->
                    new Standing(
                        row.getBoolean("mine"),
                        row.getBoolean("fresh"),
                        row.getBoolean("over"),
                        row.getLong(FENCE)))
            .findOne();
    if (standing.isPresent()) {
      Standing seen = standing.get();
      if (seen.mine() && seen.fresh()) {
        return OptionalLong.of(seen.fence());
      }
      if (!seen.mine() && !seen.over()) {
        return OptionalLong.empty();
      }
    }
    return handle
        .createQuery(
            sql(
                """
                INSERT INTO %s AS held (chain, holder, lease_until, fence)
                VALUES (:name, :holder, now() + make_interval(secs => :seconds), 1)
                ON CONFLICT (chain) DO UPDATE
                  SET holder = excluded.holder, lease_until = excluded.lease_until,
                    fence = held.fence + CASE held.holder WHEN excluded.holder THEN 0 ELSE 1 END
                  WHERE held.holder = excluded.holder OR held.lease_until <= now()
                RETURNING fence
                """))
        .bind(NAME, terms.name())
        .bind(HOLDER, terms.holder())
        .bind(SECONDS, seconds())
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /// Transactions that commit only while this instance has the lease, as it had it when it last
  /// held it. They throw [LeaseLostException] otherwise, before any work is done.
  public UnitOfWork fenced() {
    return new UnitOfWork() {
      @Override
      public <T> T inTransaction(Function<Transaction, T> work) {
        OptionalLong now = fence;
        return unitOfWork.inTransaction(
            transaction -> {
              check(handle(transaction), now);
              return work.apply(transaction);
            });
      }
    };
  }

  /// Whoever takes the lease waits for this transaction, and whoever has taken it is seen.
  private void check(Handle handle, OptionalLong expected) {
    boolean stands =
        expected.isPresent()
            && handle
                .createQuery(
                    sql(
                        """
                        SELECT FROM %s
                        WHERE chain = :name AND holder = :holder AND fence = :fence FOR SHARE
                        """))
                .bind(NAME, terms.name())
                .bind(HOLDER, terms.holder())
                .bind(FENCE, expected.getAsLong())
                .map((row, context) -> true)
                .findOne()
                .isPresent();
    if (!stands) {
      throw new LeaseLostException(
          "the lease %s of %s is another instance's by now".formatted(terms.name(), terms.table()));
    }
  }

  /// Works, and renews the lease meanwhile, so that work which takes longer than the lease lasts is
  /// not taken over halfway, again and again. Work that hangs loses it all the same, after twenty
  /// times its length.
  public <T> T keeping(Supplier<T> work) {
    // Not an interrupt: it would cut the connection of a renewal that is on.
    CountDownLatch done = new CountDownLatch(1);
    Thread.ofVirtual().name("lease " + terms.name()).start(() -> keep(done));
    try {
      return work.get();
    } finally {
      done.countDown();
    }
  }

  private void keep(CountDownLatch done) {
    long pause = terms.length().dividedBy(RENEWALS_IN_LENGTH).toMillis();
    try {
      for (int i = 0; i < MOST_LENGTHS * RENEWALS_IN_LENGTH; i++) {
        if (done.await(pause, TimeUnit.MILLISECONDS) || !renew()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.info("lease {} of {}: cannot be renewed: {}", terms.name(), terms.table(), e.toString());
    }
  }

  /// @return whether it was this instance's still
  boolean renew() {
    OptionalLong now = fence;
    return now.isPresent() && endIn(seconds(), now.getAsLong());
  }

  /// Lets another instance have it now.
  public void release() {
    OptionalLong now = fence;
    fence = OptionalLong.empty();
    now.ifPresent(held -> endIn(0, held));
  }

  private boolean endIn(double seconds, long held) {
    return unitOfWork.inTransaction(
        transaction ->
            handle(transaction)
                    .createUpdate(
                        sql(
                            """
                            UPDATE %s SET lease_until = now() + make_interval(secs => :seconds)
                            WHERE chain = :name AND holder = :holder AND fence = :fence
                            """))
                    .bind(NAME, terms.name())
                    .bind(HOLDER, terms.holder())
                    .bind(FENCE, held)
                    .bind(SECONDS, seconds)
                    .execute()
                == 1);
  }

  private String sql(String text) {
    return text.formatted(terms.table());
  }

  private double seconds() {
    return terms.length().toMillis() / MILLIS;
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }
}
