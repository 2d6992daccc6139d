package dev.countersign.bench;

import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.UnitOfWork;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/// Writers side by side, each committing one batch after the other: to the log, or to a table that
/// has the same columns and nothing else. Both get the same bytes in batches of the same size, each
/// batch in one statement and one transaction, durable (`fsync`, `synchronous_commit`) when it is
/// counted, over the same pool of sessions.
final class InsertLoad {
  /// As many as a busy pipeline puts into one transaction.
  static final int BATCH = 16;

  private static final AuditRecord RECORD =
      AuditRecord.of(
          Instant.parse("2026-11-22T18:41:00.123456Z"),
          Actor.system("bench"),
          new AuditEvent.TransactionSigned(
              new ChainId("eip155:31337"), new Nonce(7), Digest32.of(new byte[Digest32.SIZE])));

  /// What writers did.
  record Written(long entries, double seconds) {
    double perSecond() {
      return entries / seconds;
    }
  }

  private final DataSource pool;
  private final UnitOfWork unitOfWork;
  private final AuditTrail trail;
  private final byte[][] bodies = new byte[BATCH][];
  private final List<AuditRecord> records = Collections.nCopies(BATCH, RECORD);

  InsertLoad(DataSource pool, UnitOfWork unitOfWork, AuditTrail trail) throws SQLException {
    this.pool = pool;
    this.unitOfWork = unitOfWork;
    this.trail = trail;
    for (int i = 0; i < BATCH; i++) {
      bodies[i] = EntryEncoder.encode(RECORD);
    }
    try (Connection connection = pool.getConnection();
        PreparedStatement create =
            connection.prepareStatement(
                """
                CREATE TABLE public.plain (
                  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, request uuid,
                  body bytea NOT NULL)
                """)) {
      create.execute();
    }
  }

  /// Into the log.
  Written log(int writers, Duration howLong) throws InterruptedException, ExecutionException {
    return run(
        writers,
        howLong,
        () -> {
          unitOfWork.run(transaction -> trail.append(transaction, records));
          return BATCH;
        });
  }

  /// One entry into the log.
  void one() {
    unitOfWork.run(transaction -> trail.append(transaction, List.of(RECORD)));
  }

  /// Into the table.
  Written plain(int writers, Duration howLong) throws InterruptedException, ExecutionException {
    return run(
        writers,
        howLong,
        () -> {
          try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                connection.prepareStatement(
                    "INSERT INTO public.plain (body) SELECT * FROM unnest(?::bytea[])")) {
              insert.setArray(1, connection.createArrayOf("bytea", bodies));
              insert.executeUpdate();
            }
            connection.commit();
            connection.setAutoCommit(true);
          }
          return BATCH;
        });
  }

  private static Written run(int writers, Duration howLong, Callable<Integer> batch)
      throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    long end = began + howLong.toNanos();
    Callable<Long> writing =
        () -> {
          long count = 0;
          while (System.nanoTime() < end) {
            count += batch.call();
          }
          return count;
        };
    try (var executor = Executors.newFixedThreadPool(writers)) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        counts.add(executor.submit(writing));
      }
      long total = 0;
      for (Future<Long> count : counts) {
        total += count.get();
      }
      return new Written(total, (System.nanoTime() - began) / 1e9);
    }
  }
}
