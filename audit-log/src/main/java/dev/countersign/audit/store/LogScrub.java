package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.audit.verify.VerificationResult.VerifiedInPart;
import dev.countersign.core.port.UnitOfWork;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Verifies the whole log again and again, in the background and at a pace that leaves the database
/// to others. A start can look at the newest part of the log only; this is what finds a change in
/// the rest of it.
///
/// Entries that were archived are verified too, where their archive is. An archive that is not
/// there, is behind, or has lost a file is [#problem()]; a log is broken by what is in it, never by
/// what nobody could look at.
public final class LogScrub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogScrub.class);

  private final StoredLogVerifier verifier;
  private final StoredLogVerifier withoutArchive;
  private final boolean hasArchive;
  private final Consumer<BrokenLogException> onBroken;
  private final Pace pace;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable String problem;
  private @Nullable Thread thread;

  /// How fast.
  ///
  /// @param pause after every few hundred rows
  /// @param every how long after one round the next begins
  /// @param retry how long after a round that the database broke off
  public record Pace(Duration pause, Duration every, Duration retry) {
    /// Some ten thousand entries a second at most, once a day.
    public static final Pace DEFAULT =
        new Pace(Duration.ofMillis(20), Duration.ofDays(1), Duration.ofMinutes(1));
  }

  /// @param unitOfWork with a login that may read the tables of the log
  /// @param onBroken told once, with the index of the first entry that is wrong where it is known;
  ///     normally [Integrator#breakOff]
  public LogScrub(
      UnitOfWork unitOfWork, LogKeys keys, Consumer<BrokenLogException> onBroken, Pace pace) {
    this(unitOfWork, keys, onBroken, pace, EntryBodies.HOT);
  }

  /// @param bodies with the archive, where there is one: it is verified too
  public LogScrub(
      UnitOfWork unitOfWork,
      LogKeys keys,
      Consumer<BrokenLogException> onBroken,
      Pace pace,
      EntryBodies bodies) {
    this.verifier = new StoredLogVerifier(unitOfWork, keys, WitnessPolicy.NONE, bodies);
    this.withoutArchive =
        new StoredLogVerifier(unitOfWork, keys, WitnessPolicy.NONE, EntryBodies.HOT);
    this.hasArchive = bodies.hasArchive();
    this.onBroken = onBroken;
    this.pace = pace;
  }

  /// Begins the first round.
  public synchronized void start() {
    if (thread != null) {
      throw new IllegalStateException("a scrub starts once");
    }
    thread = Thread.ofPlatform().name("audit-scrub").daemon().start(this::work);
  }

  /// Returns once the round that is under way has been broken off.
  @Override
  public synchronized void close() {
    closing.countDown();
    if (thread == null) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What keeps it from verifying the entries of the archive, and what to do. Gone after the next
  /// round that has verified all of them.
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  private void work() {
    try {
      Duration wait = Duration.ZERO;
      do {
        rest(wait);
        wait = round();
      } while (!wait.isZero());
    } catch (ClosingException e) {
      LOG.debug("the scrub of the audit log ends");
    }
  }

  /// @return how long to wait for the next; zero when there is none
  private Duration round() {
    try {
      return switch (verified()) {
        case Broken broken -> {
          onBroken.accept(explained(broken));
          yield Duration.ZERO;
        }
        case Verified verified -> {
          LOG.info(
              "every one of {} entries of the audit log is what was signed", verified.entries());
          problem = null;
          yield pace.every();
        }
        case VerifiedInPart part -> {
          LOG.warn(
              "the audit log is what was signed, but for {} archived entries below index {} that"
                  + " nobody looked at: {}",
              part.notLookedAt(),
              part.below(),
              problem().orElse("set audit.archive"));
          yield pace.every();
        }
      };
    } catch (ClosingException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("verifying the audit log was broken off; again in {}", pace.retry(), e);
      return pace.retry();
    }
  }

  /// With the archive, as far as it can be read, and else without it.
  private VerificationResult verified() {
    VerificationProgress slowly = (_, _) -> rest(pace.pause());
    try {
      VerificationResult result = verifier.verifyWhatIsThere(slowly);
      if (hasArchive && result instanceof VerifiedInPart part) {
        problem =
            "the archive of the audit log lacks %d entries below index %d: restore its files from another copy; countersign audit verify names the entries"
                .formatted(part.notLookedAt(), part.below());
      }
      return result;
    } catch (ArchiveUnavailableException | UncheckedIOException e) {
      problem = String.valueOf(e.getMessage());
      return withoutArchive.verifyWhatIsThere(slowly);
    }
  }

  static BrokenLogException explained(Broken broken) {
    Finding first =
        broken.findings().stream()
            .filter(finding -> finding.index().isPresent())
            .findFirst()
            .orElse(broken.findings().getFirst());
    OptionalLong index = first.index();
    return new BrokenLogException(
        "the audit log is broken in %d places, the first: %s"
            .formatted(broken.total(), first.message()),
        index.orElse(-1));
  }

  private void rest(Duration pause) {
    try {
      if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new ClosingException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosingException();
    }
  }

  /// Ends a round from within.
  private static final class ClosingException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
