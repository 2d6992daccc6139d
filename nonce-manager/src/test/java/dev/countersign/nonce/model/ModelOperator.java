package dev.countersign.nonce.model;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle.Reason;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.lane.LaneView;
import dev.countersign.nonce.lane.Lanes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.slf4j.LoggerFactory;

/// The operator of a run: does what an operator does who reads the log, and nothing that nobody is
/// told of. Has gaps filled that are alarmed, and lets lanes go on that somebody else's transaction
/// has paused; those without funds go on by themselves.
final class ModelOperator implements AutoCloseable {
  private static final Logger ALARM =
      (Logger) LoggerFactory.getLogger("dev.countersign.nonce.tracking.GapAlarm");

  private final UnitOfWork database;
  private final ChainId chain;
  private final List<Lane> lanes;
  private final List<Lane> told = new ArrayList<>();
  private final List<String> untrue = new ArrayList<>();
  private final Appender appender = new Appender();
  private long alarms;

  /// @param lanes that may have gaps
  ModelOperator(UnitOfWork database, ChainId chain, List<Lane> lanes) {
    this.database = database;
    this.chain = chain;
    this.lanes = List.copyOf(lanes);
    appender.setContext(ALARM.getLoggerContext());
    appender.start();
    ALARM.addAppender(appender);
  }

  /// Reads what is logged of gaps on the chain of this run.
  private final class Appender extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      List<String> words = Arrays.stream(event.getArgumentArray()).map(String::valueOf).toList();
      if (words.contains(chain.toString())) {
        lanes.stream()
            .filter(lane -> words.contains(lane.address().toString()))
            .forEach(lane -> tell(lane, words));
      }
    }
  }

  private void tell(Lane lane, List<String> words) {
    alarms++;
    told.add(lane);
    if (gaps(lane).stream().map(String::valueOf).noneMatch(words::contains)) {
      untrue.add(words + " was told, and the gaps are " + gaps(lane));
    }
  }

  /// What was given back and has something above it that is signed.
  private List<Long> gaps(Lane lane) {
    return database.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(
                    """
                    SELECT f.nonce FROM nonce.lane l, unnest(l.free) AS f (nonce)
                    WHERE l.chain = :chain AND l.address = :address AND f.nonce < (
                      SELECT max(t.nonce) FROM nonce.transaction t
                      WHERE t.chain = :chain AND t.address = :address
                        AND t.state IN ('SIGNED', 'BROADCAST'))
                    """)
                .bind("chain", lane.chain().caip2())
                .bind("address", lane.address().hex())
                .mapTo(Long.class)
                .list());
  }

  /// Of how many gaps the operator was told.
  long alarms() {
    return alarms;
  }

  /// Has each gap filled that the operator was told of, once.
  ///
  /// @param admit a request to a lane; whether it was admitted
  /// @return whether there was one
  boolean fills(Predicate<Lane> admit) {
    if (!untrue.isEmpty()) {
      throw new AssertionError(String.join("; ", untrue));
    }
    boolean any = !told.isEmpty();
    for (Lane lane : List.copyOf(told)) {
      if (admit.test(lane)) {
        told.remove(lane);
      }
    }
    return any;
  }

  /// Lets lanes go on that are paused for foreign use.
  ///
  /// @return whether any lane is paused
  boolean resumes(Lanes book) {
    boolean any = false;
    for (LaneView view : book.list(Optional.of(chain))) {
      if (view.pause().isPresent()) {
        any = true;
        if (view.pause().get().reason() == Reason.FOREIGN_USE) {
          book.resume(Actor.system("operator"), view.lane());
        }
      }
    }
    return any;
  }

  @Override
  public void close() {
    ALARM.detachAppender(appender);
    appender.stop();
  }
}
