package dev.countersign.bench;

import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.countersign.bench.PolicyWorld.Asked;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One thread that judges the same bytes over and over: from the bytes to the verdict, with nothing
/// remembered between two judgements, and no database.
final class DecisionLoad {
  static final int CEL_RULES = 10_000;

  private static final List<Integer> SIZES = List.of(10, 1_000, CEL_RULES);
  private static final int TURNS = 3;

  /// What is judged; fails when it is judged otherwise than intended.
  private interface Judging {
    void once() throws CelEvaluationException;
  }

  /// CPU time and how often.
  private static final class Measured {
    private long nanos;
    private long count;
  }

  private final Map<String, Judging> cases = new LinkedHashMap<>();
  private final Map<String, Measured> measured = new LinkedHashMap<>();

  DecisionLoad() throws CelValidationException, CelEvaluationException {
    Asked wanted = Asked.toExchange(PolicyWorld.request(1));
    Asked unwanted = Asked.toStranger(PolicyWorld.request(2));
    for (int size : SIZES) {
      List<RuleText> rules = PolicyWorld.rules(size);
      PolicyDocument policy = PolicyWorld.policy(rules);
      cases.put("decision_us_" + size, () -> allow(policy, wanted));
      cases.put("denial_us_" + size, () -> deny(policy, unwanted));
      if (size == CEL_RULES) {
        CelRules cel = new CelRules(rules);
        cases.put("decision_us_cel_" + size, () -> allow(cel, wanted));
      }
    }
  }

  private static void allow(PolicyDocument policy, Asked asked) {
    if (!(judge(policy, asked) instanceof Verdict.Allow allow)
        || !allow.rule().equals(PolicyWorld.ALLOWING)
        || allow.conditions().rules().size() != PolicyWorld.DEMANDING) {
      throw new IllegalStateException("the exchange is paid by another rule than intended");
    }
  }

  private static void deny(PolicyDocument policy, Asked asked) {
    if (!(judge(policy, asked) instanceof Verdict.Deny deny) || deny.outcomes().isEmpty()) {
      throw new IllegalStateException("a stranger is not denied, or not told why");
    }
  }

  private static Verdict judge(PolicyDocument policy, Asked asked) {
    return PolicyJudge.judge(policy, asked.subject(), asked.payload(), scope -> BigInteger.ZERO);
  }

  private static void allow(CelRules rules, Asked asked) throws CelEvaluationException {
    if (!rules.judge(asked).equals(Optional.of(PolicyWorld.ALLOWING))) {
      throw new IllegalStateException("CEL judges otherwise than the policy");
    }
  }

  /// Everything takes turns, first to warm up, then to be measured.
  ///
  /// @param howLong in all, besides warming up, which takes half as long
  void run(Duration howLong) throws CelEvaluationException {
    Duration turn = howLong.dividedBy((long) TURNS * cases.size());
    for (int i = 0; i < TURNS; i++) {
      turn(turn.dividedBy(2), new LinkedHashMap<>());
    }
    for (int i = 0; i < TURNS; i++) {
      turn(turn, measured);
    }
  }

  private void turn(Duration each, Map<String, Measured> into) throws CelEvaluationException {
    for (var one : cases.entrySet()) {
      Measured sum = into.computeIfAbsent(one.getKey(), _ -> new Measured());
      long cpuBefore = ownCpuNanos();
      long end = System.nanoTime() + each.toNanos();
      while (System.nanoTime() < end) {
        one.getValue().once();
        sum.count++;
      }
      sum.nanos += ownCpuNanos() - cpuBefore;
    }
  }

  /// Microseconds of CPU each, by metric. The machine may be busy with other things; CPU time, of
  /// all threads, collecting garbage included, is what a core of its own would take.
  Map<String, Double> micros() {
    Map<String, Double> micros = new LinkedHashMap<>();
    measured.forEach((name, sum) -> micros.put(name, sum.nanos / 1e3 / sum.count));
    return micros;
  }

  private static long ownCpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
