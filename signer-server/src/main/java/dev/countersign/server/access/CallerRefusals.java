package dev.countersign.server.access;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes refused callers into the audit log, at most [#PER_SECOND] a second: a stranger must not
/// be able to fill it. Those beyond are counted, and the next entry says how many there were.
public final class CallerRefusals {
  private static final Logger LOG = LoggerFactory.getLogger(CallerRefusals.class);
  private static final int PER_SECOND = 10;
  private static final Actor ACTOR = Actor.system("tls");

  private final UnitOfWork unitOfWork;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final AtomicLong left = new AtomicLong();
  private final RateLimiter rate =
      RateLimiter.of(
          "caller-refusals",
          RateLimiterConfig.custom()
              .limitForPeriod(PER_SECOND)
              .limitRefreshPeriod(Duration.ofSeconds(1))
              .timeoutDuration(Duration.ZERO)
              .build());

  public CallerRefusals(UnitOfWork unitOfWork, AuditTrail audit, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.audit = audit;
    this.clock = clock;
  }

  /// Returns at once: it is called where a handshake runs, which must not wait for a disk.
  ///
  /// @param certificate SHA-256 of it, or empty when there was none
  public void refused(String certificate, String reason) {
    if (!rate.acquirePermission()) {
      left.incrementAndGet();
      return;
    }
    long unnamed = left.getAndSet(0);
    String told = unnamed == 0 ? reason : reason + "; and " + unnamed + " more that are not listed";
    Thread.ofVirtual().name("caller-refused").start(() -> append(certificate, told));
  }

  private void append(String certificate, String reason) {
    LOG.warn("refused a caller with certificate {}: {}", certificate, reason);
    AuditRecord record =
        AuditRecord.of(clock.instant(), ACTOR, new AuditEvent.CallerRefused(certificate, reason));
    try {
      unitOfWork.run(transaction -> audit.append(transaction, List.of(record)));
    } catch (StoreUnavailableException e) {
      LOG.warn("a refused caller could not be audited", e);
    }
  }
}
