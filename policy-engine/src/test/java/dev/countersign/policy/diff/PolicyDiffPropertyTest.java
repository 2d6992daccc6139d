package dev.countersign.policy.diff;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.Quorum;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Conditions;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.sample.Samples;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/// The laws of comparing, over random policies, each judged by the engine.
class PolicyDiffPropertyTest {
  private static final int COUNTERS = 5;

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void aPolicyHasNoDifferenceWithItself(@ForAll("policies") PolicySpec policy) {
    assertThat(diff(policy.yaml(), policy.yaml()).changes()).isEmpty();
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatDoesNotLoosenAllowsNothingThatWasDeniedBefore(
      @ForAll("policies") PolicySpec before,
      @ForAll("policies") PolicySpec other,
      @ForAll("positions") int position,
      @ForAll("numbers") int which) {
    PolicySpec after = before.with(position, which, other);
    PolicyDiff diff = diff(before.yaml(), after.yaml());
    Statistics.collect(diff.changes().isEmpty() ? "none" : diff.direction().word());
    Statistics.coverage(coverage -> coverage.check("tightens").percentage(share -> share > 5));
    if (diff.loosens()) {
      return;
    }
    PolicyDocument old = policy(before.yaml());
    PolicyDocument now = policy(after.yaml());
    for (Request request : Request.ALL) {
      if (judge(now, request) instanceof Verdict.Allow allowed) {
        Verdict earlier = judge(old, request);
        assertThat(
                earlier instanceof Verdict.Allow was
                    && asksAtLeast(allowed.conditions(), was.conditions()))
            .as(
                () ->
                    "%s after%n%s%nbecame%n%s%n%s"
                        .formatted(request, before.yaml(), after.yaml(), diff))
            .isTrue();
      }
    }
  }

  private static boolean asksAtLeast(Conditions now, Conditions old) {
    if (now.delay().compareTo(old.delay()) < 0) {
      return false;
    }
    if (old.quorum().isEmpty()) {
      return true;
    }
    if (now.quorum().isEmpty() || now.lifetime().compareTo(old.lifetime()) > 0) {
      return false;
    }
    Quorum asked = now.quorum().get();
    Quorum before = old.quorum().get();
    return asked.members().containsAll(before.members())
        && everybody().stream()
            .allMatch(people -> !asked.isMetBy(people) || before.isMetBy(people));
  }

  private static List<Set<ApproverName>> everybody() {
    List<Set<ApproverName>> all = new ArrayList<>();
    for (int bits = 0; bits < 8; bits++) {
      Set<ApproverName> some = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        if ((bits >> i & 1) == 1) {
          some.add(new ApproverName("p" + i));
        }
      }
      all.add(some);
    }
    return all;
  }

  private record Request(String client, String wallet, Address to, int amount, boolean call) {
    static final List<Request> ALL = all();

    private static List<Request> all() {
      List<Request> all = new ArrayList<>();
      for (String client : List.of("desk", "payouts")) {
        for (String wallet : List.of("hot-1", "hot-2")) {
          for (Address to : List.of(ALICE, BOB, Samples.USDC)) {
            for (int amount : new int[] {2, 5}) {
              all.add(new Request(client, wallet, to, amount, amount == 2));
            }
          }
        }
      }
      return all;
    }

    Intent.OfTransaction intent() {
      BigInteger wei = BigInteger.valueOf(amount);
      return call
          ? new Intent.ContractCall(to, new Wei(wei), Bytes.fromHex("0x12345678"))
          : pay(to, wei);
    }
  }

  /// Each counter holds something of its own.
  private static Verdict judge(PolicyDocument policy, Request request) {
    return PolicyJudge.judge(
        policy,
        subject(
            new SigningRequestId(new UUID(1, 2)),
            request.client,
            request.wallet,
            Samples.MAINNET,
            request.intent()),
        payload(request.intent()),
        scope -> BigInteger.valueOf(Math.floorMod(scope.text().hashCode(), COUNTERS)));
  }

  private static PolicyDiff diff(String before, String after) {
    return Optional.of(
            PolicyDiff.of(
                before.getBytes(StandardCharsets.UTF_8), after.getBytes(StandardCharsets.UTF_8)))
        .map(PolicyDiff.Outcome.Compared.class::cast)
        .map(PolicyDiff.Outcome.Compared::diff)
        .orElseThrow();
  }

  @Provide
  Arbitrary<PolicySpec> policies() {
    return PolicySpec.policies();
  }

  @Provide
  Arbitrary<Integer> positions() {
    return Arbitraries.integers().between(-1, 11);
  }

  @Provide
  Arbitrary<Integer> numbers() {
    return Arbitraries.integers().between(0, PolicySpec.RULES);
  }
}
