package dev.countersign.audit.store;

import dev.countersign.core.port.UnitOfWork;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that `audit.entry` has a partition for the next month in time. Without one, nothing
/// is lost: entries go to the default partition, and their month is archived with it. Every
/// instance does it; what is there already costs one look. Of one thread at a time.
final class Partitions {
  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

  /// There are four weeks for it, and a try may have to give way to readers.
  private static final long EVERY_NANOS = Duration.ofHours(1).toNanos();

  private final UnitOfWork unitOfWork;
  private long made;

  Partitions(UnitOfWork unitOfWork) {
    this.unitOfWork = unitOfWork;
  }

  /// Makes those of this month and the next, or says why not.
  void make() {
    made = System.nanoTime();
    try {
      unitOfWork.run(
          transaction ->
              transaction.unwrap(Handle.class).execute("SELECT audit.make_partitions()"));
    } catch (RuntimeException e) {
      LOG.warn("the next month of the audit log has no partition yet; again in an hour", e);
    }
  }

  /// [#make], once an hour.
  void makeInTime() {
    if (System.nanoTime() - made >= EVERY_NANOS) {
      make();
    }
  }
}
