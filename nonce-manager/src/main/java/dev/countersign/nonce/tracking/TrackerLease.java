package dev.countersign.nonce.tracking;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Which instance follows a chain. It spares the nodes the questions of the others and no more: two
/// that both believe to hold it do no harm, since every verdict is written under the row's lock.
final class TrackerLease {
  /// How soon another instance goes on after one has died.
  private static final Duration LENGTH = Duration.ofSeconds(10);

  private final UnitOfWork unitOfWork;
  private final InstantSource clock;
  private final ChainId chain;
  private final UUID instance;
  private Instant heldUntil = Instant.MIN;

  TrackerLease(UnitOfWork unitOfWork, InstantSource clock, ChainId chain, UUID instance) {
    this.unitOfWork = unitOfWork;
    this.clock = clock;
    this.chain = chain;
    this.instance = instance;
  }

  /// Takes or keeps the lease if it can; writes only when half of it is over.
  boolean hold() {
    Instant now = clock.instant();
    if (now.plus(LENGTH.dividedBy(2)).isBefore(heldUntil)) {
      return true;
    }
    Instant until = now.plus(LENGTH);
    boolean held = unitOfWork.inTransaction(t -> take(t.unwrap(Handle.class), now, until));
    heldUntil = held ? until : Instant.MIN;
    return held;
  }

  /// Lets another instance have it now.
  void release() {
    if (heldUntil.isAfter(Instant.MIN)) {
      heldUntil = Instant.MIN;
      unitOfWork.run(
          t ->
              t.unwrap(Handle.class)
                  .createUpdate(
                      """
                      UPDATE nonce.tracker SET lease_until = :now
                      WHERE chain = :chain AND holder = :holder
                      """)
                  .bind("now", clock.instant())
                  .bind("chain", chain.caip2())
                  .bind("holder", instance)
                  .execute());
    }
  }

  private boolean take(Handle handle, Instant now, Instant until) {
    boolean another =
        handle
            .createQuery(
                """
                SELECT FROM nonce.tracker
                WHERE chain = :chain AND holder <> :holder AND lease_until > :now
                """)
            .bind("chain", chain.caip2())
            .bind("holder", instance)
            .bind("now", now)
            .map((row, context) -> true)
            .findOne()
            .isPresent();
    return !another
        && handle
                .createUpdate(
                    """
                    INSERT INTO nonce.tracker AS held (chain, holder, lease_until)
                    VALUES (:chain, :holder, :until)
                    ON CONFLICT (chain) DO UPDATE
                      SET holder = excluded.holder, lease_until = excluded.lease_until
                      WHERE held.holder = excluded.holder OR held.lease_until <= :now
                    """)
                .bind("chain", chain.caip2())
                .bind("holder", instance)
                .bind("until", until)
                .bind("now", now)
                .execute()
            == 1;
  }
}
