package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.store.CutLine.Break;
import dev.countersign.testenv.junit.TestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/// Any sequence of appends, passes, crashes and restarts, on a real PostgreSQL: the tree is that of
/// RFC 6962 over the entries in order, every proof holds, and it has what was committed and nothing
/// else. `-Dcountersign.soak=20` tries twenty times as often.
class LogLifeIT {
  private static final PostgresDatabase DATABASE = TestEnvironment.newDatabase(LogLifeIT.class);
  private static final int TRIES = 10;
  private static final int STEPS = 40;

  /// A writer, then a batch or a number of entries that often is more than one pass takes.
  private static final Arbitrary<Integer> WRITER = Arbitraries.integers().between(0, 5);

  private static final Arbitrary<Integer> ENTRIES = Arbitraries.integers().between(1, 5);
  private static final Arbitrary<Integer> BATCH = Arbitraries.of(1, 2, 3, 7, 300);

  /// A pass has twelve steps at most.
  private static final Arbitrary<Integer> STEP = Arbitraries.integers().between(1, 13);

  private static final Arbitrary<Break> BREAK = Arbitraries.of(Break.class);

  @Property(tries = TRIES, shrinking = ShrinkingMode.BOUNDED)
  @AddLifecycleHook(Soak.class)
  void whateverHappensTheLogIsTheReferenceTreeOverWhatWasCommitted(
      @ForAll("beginnings") int entries, @ForAll("lives") List<LifeStep> steps) {
    try (LogLife life = new LogLife(DATABASE, entries)) {
      steps.forEach(life::live);
      life.settle();
      new LogLaws(life.log()).hold(life.committed());
    }
  }

  /// Whatever the step, and however it breaks off there.
  @Example
  void aPassMayBreakOffAtEveryStep() {
    for (Break how : Break.values()) {
      try (LogLife life = new LogLife(DATABASE, 254)) {
        int steps = 0;
        do {
          steps++;
          // With a gap that is known, so that no step is left out.
          life.live(new LifeStep.Begin(1));
          life.live(new LifeStep.Begin(2));
          life.live(new LifeStep.Commit(1));
          life.live(new LifeStep.Pass(300));
          life.live(new LifeStep.Begin(1));
          life.live(new LifeStep.Commit(1));
          life.live(new LifeStep.BrokenPass(300, steps, how));
          life.live(new LifeStep.Commit(0));
        } while (life.broke());
        assertThat(steps - 1).as("steps of a pass").isEqualTo(12);
        life.settle();
        new LogLaws(life.log()).hold(life.committed());
      }
    }
  }

  /// Just below the end of a tile, and of two, too.
  @Provide
  Arbitrary<Integer> beginnings() {
    return Arbitraries.of(0, 1, 250, 508);
  }

  @Provide
  Arbitrary<List<LifeStep>> lives() {
    return Arbitraries.<LifeStep>frequencyOf(
            Tuple.of(4, ENTRIES.map(LifeStep.Begin::new)),
            Tuple.of(2, Combinators.combine(WRITER, ENTRIES).as(LifeStep.Append::new)),
            Tuple.of(1, Combinators.combine(WRITER, ENTRIES).as(LifeStep.AppendAndTakeBack::new)),
            Tuple.of(4, WRITER.map(LifeStep.Commit::new)),
            Tuple.of(1, WRITER.map(LifeStep.RollBack::new)),
            Tuple.of(1, WRITER.map(LifeStep.Kill::new)),
            Tuple.of(4, BATCH.map(LifeStep.Pass::new)),
            Tuple.of(4, Combinators.combine(BATCH, STEP, BREAK).as(LifeStep.BrokenPass::new)),
            Tuple.of(1, BATCH.map(LifeStep.UnsignedPass::new)),
            Tuple.of(1, Combinators.combine(BATCH, BATCH).as(LifeStep.PassAtOnce::new)),
            Tuple.of(2, Combinators.combine(BATCH, BATCH).as(LifeStep.LostLock::new)),
            Tuple.of(1, Arbitraries.of(new LifeStep.Restart())),
            Tuple.of(1, Combinators.combine(STEP, BREAK).as(LifeStep.BrokenRestart::new)))
        .list()
        .ofMinSize(STEPS / 4)
        .ofMaxSize(STEPS);
  }

  /// Tries as many times more as the property `countersign.soak` says.
  static final class Soak implements AroundPropertyHook {
    @Override
    public PropertyExecutionResult aroundProperty(
        PropertyLifecycleContext context, PropertyExecutor property) {
      context.attributes().setTries(TRIES * Integer.getInteger("countersign.soak", 1));
      return property.execute();
    }
  }
}
