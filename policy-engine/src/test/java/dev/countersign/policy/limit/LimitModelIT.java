package dev.countersign.policy.limit;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.pay;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.port.PolicyEngine.PolicySession;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.limit.LimitModel.Payment;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.Instance.Asked;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.Samples;
import dev.countersign.testenv.junit.TestEnvironment;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/// Three instances on one real database against [LimitModel]: whatever is admitted, signed, given
/// up, lost in a crash or put under another maximum, in whatever order and at the same time, each
/// decision is one that the model makes too, in some order of those that were made together.
class LimitModelIT {
  private static final PolicyDatabase DATABASE =
      PolicyDatabase.of(TestEnvironment.newDatabase(LimitModelIT.class));
  private static final long FIRST_MAXIMUM = 10;

  private static Instant now = Instant.parse("2026-11-01T12:00:00Z");

  private static final List<Instance> INSTANCES =
      IntStream.range(0, 3)
          .mapToObj(i -> DATABASE.instance(new LimitClock.Given(() -> now)))
          .toList();
  private static final ExecutorService THREADS = Executors.newFixedThreadPool(3);

  private LimitModel model = new LimitModel(FIRST_MAXIMUM);

  /// What was admitted and has not ended yet.
  private final List<PolicySubject> open = new ArrayList<>();

  @AfterContainer
  static void close() {
    THREADS.shutdownNow();
    DATABASE.close();
  }

  /// A payment without its request.
  record Wish(String client, String wallet, boolean toAlice, int wei) {}

  /// What happens.
  sealed interface Step {
    /// Each list is a batch of another instance, all at the same time.
    record Admit(List<List<Wish>> batches) implements Step {}

    /// Everything is judged and reserved, and the transaction is lost.
    record Crash(int instance, List<Wish> batch) implements Step {}

    record Commit(int which) implements Step {}

    record Release(int which) implements Step {}

    record Pass(Duration time) implements Step {}

    record Activate(int maximum) implements Step {}
  }

  @Property(tries = 12, shrinking = ShrinkingMode.BOUNDED)
  void decidesWhatTheModelDecides(@ForAll("lives") List<Step> steps) throws Exception {
    now = now.plus(Duration.ofDays(1));
    model = new LimitModel(FIRST_MAXIMUM);
    open.clear();
    DATABASE.activate(INSTANCES.getFirst(), LimitModel.policy(FIRST_MAXIMUM));
    for (Step step : steps) {
      live(step);
    }
    assertThat(DATABASE.wrongScopes()).isZero();
  }

  private void live(Step step) throws Exception {
    switch (step) {
      case Step.Admit(var batches) -> admit(batches);
      case Step.Crash(int instance, var batch) -> crash(INSTANCES.get(instance), batch);
      case Step.Commit(int which) ->
          ending(which).ifPresent(subject -> INSTANCES.get(which % 3).commit(subject));
      case Step.Release(int which) ->
          ending(which)
              .ifPresent(
                  subject -> {
                    INSTANCES.get(which % 3).release(subject);
                    model.release(subject.request());
                  });
      case Step.Pass(Duration time) -> now = now.plus(time);
      case Step.Activate(int maximum) -> {
        DATABASE.activate(INSTANCES.get(maximum % 3), LimitModel.policy(maximum));
        model.maximum(maximum);
      }
    }
  }

  private Optional<PolicySubject> ending(int which) {
    return open.isEmpty() ? Optional.empty() : Optional.of(open.remove(which % open.size()));
  }

  private record Question(Payment payment, PolicySubject subject) {
    static Question of(Wish wish) {
      SigningRequestId id = Instance.request().request();
      var payment = new Payment(id, wish.client(), wish.wallet(), wish.toAlice(), wish.wei());
      return new Question(
          payment,
          Samples.subject(id, wish.client(), wish.wallet(), Samples.MAINNET, intent(payment)));
    }

    private static Intent.OfTransaction intent(Payment payment) {
      return pay(payment.toAlice() ? ALICE : BOB, BigInteger.valueOf(payment.wei()));
    }

    Asked asked() {
      return new Asked(subject, intent(payment));
    }
  }

  private void admit(List<List<Wish>> batches) throws Exception {
    List<List<Question>> questions =
        batches.stream().map(batch -> batch.stream().map(Question::of).toList()).toList();
    List<Future<List<Boolean>>> running = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      List<Question> batch = questions.get(i);
      Instance instance = INSTANCES.get(i);
      running.add(
          THREADS.submit(
              () ->
                  instance.admit(batch.stream().map(Question::asked).toList()).stream()
                      .map(Allowed.class::isInstance)
                      .toList()));
    }
    List<List<Boolean>> answers = new ArrayList<>();
    for (Future<List<Boolean>> one : running) {
      answers.add(one.get());
    }
    List<Integer> order =
        orders(questions.size()).stream()
            .filter(some -> explains(model.copy(), some, questions, answers))
            .findFirst()
            .orElseThrow(
                () -> new AssertionError("no order gives %s for %s".formatted(answers, batches)));
    assertThat(explains(model, order, questions, answers)).isTrue();
    for (int i = 0; i < questions.size(); i++) {
      for (int j = 0; j < questions.get(i).size(); j++) {
        if (answers.get(i).get(j)) {
          open.add(questions.get(i).get(j).subject());
        }
      }
    }
  }

  private static boolean explains(
      LimitModel model,
      List<Integer> order,
      List<List<Question>> questions,
      List<List<Boolean>> answers) {
    for (int batch : order) {
      List<Boolean> given =
          questions.get(batch).stream()
              .map(question -> model.admit(question.payment(), now))
              .toList();
      if (!given.equals(answers.get(batch))) {
        return false;
      }
    }
    return true;
  }

  private static List<List<Integer>> orders(int size) {
    return switch (size) {
      case 1 -> List.of(List.of(0));
      case 2 -> List.of(List.of(0, 1), List.of(1, 0));
      default ->
          List.of(
              List.of(0, 1, 2),
              List.of(0, 2, 1),
              List.of(1, 0, 2),
              List.of(1, 2, 0),
              List.of(2, 0, 1),
              List.of(2, 1, 0));
    };
  }

  private static void crash(Instance instance, List<Wish> batch) {
    List<Asked> asked = batch.stream().map(wish -> Question.of(wish).asked()).toList();
    try {
      instance
          .unitOfWork()
          .run(
              transaction -> {
                PolicySession session =
                    instance
                        .engine()
                        .open(transaction, asked.stream().map(Asked::subject).toList());
                asked.forEach(one -> session.judge(one.subject(), Samples.payload(one.intent())));
                session.save();
                throw new Crash();
              });
    } catch (Crash expected) {
      return;
    }
    throw new AssertionError("the transaction did not crash");
  }

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Whole windows, and a microsecond less or more, too.
  @Provide
  Arbitrary<List<Step>> lives() {
    Arbitrary<List<Wish>> batch =
        Combinators.combine(
                Arbitraries.of("desk", "ops"),
                Arbitraries.of("hot-1", "hot-2"),
                Arbitraries.of(true, true, false),
                Arbitraries.integers().between(0, 6))
            .as(Wish::new)
            .list()
            .ofMinSize(1)
            .ofMaxSize(3);
    Arbitrary<Integer> which = Arbitraries.integers().between(0, 1000);
    Arbitrary<Duration> time =
        Combinators.combine(
                Arbitraries.integers().between(0, 5), Arbitraries.of(-1L, 0L, 0L, 1L, 300_000L))
            .as((seconds, micros) -> Duration.ofSeconds(seconds).plusNanos(1000 * micros))
            .filter(duration -> !duration.isNegative());
    return Arbitraries.<Step>frequencyOf(
            Tuple.of(8, batch.list().ofMinSize(1).ofMaxSize(3).map(Step.Admit::new)),
            Tuple.of(
                1,
                Combinators.combine(Arbitraries.integers().between(0, 2), batch)
                    .as(Step.Crash::new)),
            Tuple.of(2, which.map(Step.Commit::new)),
            Tuple.of(3, which.map(Step.Release::new)),
            Tuple.of(5, time.map(Step.Pass::new)),
            Tuple.of(1, Arbitraries.integers().between(6, 14).map(Step.Activate::new)))
        .list()
        .ofMinSize(10)
        .ofMaxSize(40);
  }
}
