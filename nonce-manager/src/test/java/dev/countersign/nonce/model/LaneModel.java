package dev.countersign.nonce.model;

import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.LeaseLostException;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.lane.LaneView;
import dev.countersign.nonce.model.CrashingUnitOfWork.Crash;
import dev.countersign.nonce.model.CrashingUnitOfWork.When;
import dev.countersign.nonce.model.ModelReplacements.Ending;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.testing.TestAccount;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// One run: three instances on one database, two accounts on one chain of three nodes, and a
/// hundred things that happen in the order that the seed says, also while an instance is at work.
/// Then faults stop, and everything has to come to its end.
final class LaneModel implements AutoCloseable {
  private static final int INSTANCES = 3;
  private static final int LONGEST_END = 80;
  private static final List<When> WHENS = List.copyOf(EnumSet.allOf(When.class));
  private static final List<Ending> ENDINGS = List.copyOf(EnumSet.allOf(Ending.class));
  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  private static final BigInteger RICH = BigInteger.TWO.pow(96);

  private final long seed;
  private final ModelTerms terms;
  private final SplittableRandom random;
  private final UnitOfWork database;
  private final SimulatedChain chain = new SimulatedChain();
  private final SimulatedNodes nodes;
  private final ChainDefinitions definitions;
  private final ChainId chainId;
  private final List<TestAccount> accounts;
  private final List<Lane> lanes;
  private final List<ModelInstance> instances = new ArrayList<>();
  private final Interleaving interleaving;
  private final ModelOperator operator;
  private final Misfortunes misfortunes;
  private final Set<SigningRequestId> admitted = new HashSet<>();
  private final Set<SigningRequestId> withdrawn = new HashSet<>();
  private final Map<ModelAdmissions.Outcome, Long> admissions =
      new EnumMap<>(ModelAdmissions.Outcome.class);
  private final List<String> story = new ArrayList<>();
  private final Reckoning reckoning;
  private final Invariants invariants;
  private Instant now = START;
  private int names;
  private int known;

  LaneModel(UnitOfWork database, long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.database = database;
    this.terms = new ModelTerms(seed);
    this.chainId = terms.chainId();
    this.nodes = new SimulatedNodes(chain, terms.chainNumber(), seed);
    this.definitions = ChainDefinitions.of(List.of(terms.definition()));
    this.accounts = List.of(new TestAccount("model 1"), new TestAccount("model 2"));
    this.lanes = accounts.stream().map(account -> new Lane(chainId, account.address())).toList();
    this.reckoning = new Reckoning(database, chainId, terms.isDeep());
    this.invariants = new Invariants(database, chainId);
    this.interleaving = new Interleaving(random, INSTANCES);
    this.operator = new ModelOperator(database, chainId, lanes);
    for (Lane lane : lanes) {
      chain.pay(
          lane.address(),
          terms.isFinite() ? Misfortunes.ETHER.multiply(BigInteger.valueOf(30)) : RICH);
    }
    chain.mine(random, false);
    for (int i = 0; i < INSTANCES; i++) {
      instances.add(started());
    }
    this.misfortunes =
        new Misfortunes(
            terms,
            random,
            chain,
            nodes,
            (lane, nonce, value) -> instances.getFirst().foreign(lane, nonce, value),
            () -> {
              pass(Duration.ofMinutes(1));
              endLeases();
            },
            story::add);
  }

  private ModelInstance started() {
    return new ModelInstance(
        database,
        definitions,
        nodes,
        chain,
        accounts,
        () -> now,
        () -> interleaving.beforeTransaction(this::meanwhile),
        new UUID(seed, ++names));
  }

  /// @return what happened, for whoever looks for a fault
  List<String> story() {
    return List.copyOf(story);
  }

  Happened run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    return end();
  }

  @Override
  public void close() {
    operator.close();
  }

  /// What others do while one is at work.
  private void meanwhile(int steps) {
    say("  meanwhile");
    if (random.nextInt(4) == 0) {
      pass(Duration.ofSeconds(30));
      endLeases();
      interleaving.idle().stream()
          .findFirst()
          .ifPresent(which -> act(which, "takes over", instances.get(which)::track));
    }
    for (int i = 0; i < steps; i++) {
      step();
    }
    say("  and it goes on");
  }

  private void step() {
    List<Integer> idle = interleaving.idle();
    Lane lane = lanes.get(random.nextInt(lanes.size()));
    int what = random.nextInt(100);
    if (what < 10) {
      say("a block");
      chain.mine(random, false);
    } else if (what < 23 || idle.isEmpty()) {
      misfortunes.strike(lane);
    } else {
      work(idle.get(random.nextInt(idle.size())), lane);
    }
    pass(Duration.ofMillis(random.nextInt(6_000)));
    oneOriginalEach();
    invariants.hold();
  }

  private void work(int which, Lane lane) {
    ModelInstance instance = instances.get(which);
    if (random.nextInt(12) == 0) {
      When when = WHENS.get(random.nextInt(WHENS.size()));
      int after = random.nextInt(4);
      say("%d dies after %d transactions, %s".formatted(which, after, when));
      instance.unitOfWork().crashAfter(after, when);
    }
    int what = random.nextInt(80);
    if (what < 20) {
      act(which, "admits", () -> admit(instance, lane));
    } else if (what < 36) {
      sign(which, lane);
    } else if (what < 38) {
      int owned = random.nextInt(3);
      act(which, "withdraws", () -> withdraw(instance, lane, owned));
    } else if (what < 47) {
      replace(which, lane);
    } else if (what < 49) {
      act(which, "resumes replacements", () -> instance.replacements().resume(lane));
    } else if (what < 51) {
      act(
          which,
          "speeds up what is stuck",
          () -> instance.replacements().speedUpStuck(lane.chain()));
    } else if (what < 63) {
      act(which, "sends", instance::broadcast);
    } else if (what < 76) {
      act(which, "looks", instance::track);
    } else {
      act(which, "does what its operator wants", () -> operate(instance));
    }
    if (instance.unitOfWork().isDead()) {
      say("%d starts again".formatted(which));
      instances.set(which, started());
    }
  }

  private void sign(int which, Lane lane) {
    ModelSigning signing = instances.get(which).signing();
    int owned = random.nextInt(3);
    boolean fails = random.nextInt(6) == 0;
    boolean late = random.nextInt(4) == 0;
    int first = random.nextInt(1 << 16);
    if (signing.inHand() > 0 && random.nextInt(3) == 0) {
      act(which, "comes late", () -> signing.settle(first % signing.inHand()));
      return;
    }
    act(
        which,
        (fails ? "cannot sign" : "signs") + (late ? ", and is slow" : ""),
        () -> {
          if (signing.begin(lane, owned, fails) && !late) {
            signing.settle(signing.inHand() - 1);
          }
        });
  }

  private void withdraw(ModelInstance instance, Lane lane, int owned) {
    instance
        .signing()
        .toWithdraw(lane, owned)
        .ifPresent(
            request -> {
              withdrawn.add(request);
              instance.signing().withdraw(request);
            });
  }

  private void operate(ModelInstance instance) {
    operator.resumes(instance.lanes());
    operator.fills(lane -> admit(instance, lane));
  }

  private void replace(int which, Lane lane) {
    boolean cancel = random.nextInt(3) == 0;
    int open = random.nextInt(3);
    Ending ending = random.nextInt(4) > 0 ? Ending.SIGNED : ENDINGS.get(random.nextInt(3));
    act(
        which,
        (cancel ? "cancels; " : "speeds up; ") + ending,
        () -> instances.get(which).replacements().replace(lane, open, cancel, ending));
  }

  private boolean admit(ModelInstance instance, Lane lane) {
    SigningRequestId request = new SigningRequestId(new UUID(seed, random.nextLong()));
    // Known before it is: whether it was committed is what a crash leaves open.
    admitted.add(request);
    ModelAdmissions.Outcome outcome = instance.admit(lane, request);
    admissions.merge(outcome, 1L, Long::sum);
    say("%s: %s".formatted(outcome, request));
    return outcome == ModelAdmissions.Outcome.ADMITTED;
  }

  /// What an instance does, whatever comes of it.
  private void act(int which, String what, Runnable action) {
    say(which + " " + what);
    try {
      interleaving.during(which, action);
    } catch (Crash | NodeUnavailableException | LeaseLostException | StoreUnavailableException e) {
      // Not its words: they name what failed in the order in which it did.
      say("  " + e.getClass().getSimpleName());
    }
  }

  private void pass(Duration time) {
    now = now.plus(time);
    if (time.compareTo(Duration.ofSeconds(5)) > 0 && random.nextInt(4) == 0) {
      endLeases();
    }
  }

  /// The clock of the database, which tests cannot move, moves on.
  private void endLeases() {
    database.run(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .execute(
                    "UPDATE nonce.tracker SET lease_until = now() WHERE chain = ?",
                    chainId.caip2()));
  }

  private void say(String what) {
    story.add(what);
  }

  /// Never two payloads of ours on one nonce, besides what was permitted to take the first one's
  /// place: that offers more than all before, and is the same or nothing.
  private void oneOriginalEach() {
    chain
        .sent()
        .forEach(
            (slot, hashes) -> {
              List<UnsignedTransaction> payloads =
                  hashes.stream().map(hash -> chain.payload(hash).unsigned()).toList();
              long originals =
                  payloads.stream()
                      .map(one -> one.call().value())
                      .filter(value -> value.value().signum() > 0)
                      .distinct()
                      .count();
              long offers = payloads.stream().map(UnsignedTransaction::fees).distinct().count();
              if (originals > 1 || offers < payloads.size()) {
                throw new AssertionError(slot + " has payloads of two kinds: " + payloads);
              }
            });
    int sent = chain.sent().values().stream().mapToInt(Set::size).sum();
    if (sent > known) {
      reckoning.onlyWhatIsWrittenDown(chain);
      known = sent;
    }
  }

  /// Faults stop, and an operator does what is an operator's.
  private Happened end() {
    say("faults stop");
    interleaving.stop();
    nodes.heal();
    boolean deeper = terms.isDeep();
    if (deeper) {
      // What is sent again after its end offers what it offered then, and waits for its market.
      say("gas falls");
      chain.leastFee(BigInteger.ZERO);
    }
    for (Lane lane : lanes) {
      chain.poor(lane.address(), false);
      chain.pay(lane.address(), RICH);
    }
    // Those that were about to die have died; one goes on alone.
    instances.clear();
    instances.add(started());
    if (seed % 3 == 0) {
      say("nodes keep one transaction of each account");
      lanes.forEach(lane -> instances.getFirst().single(lane));
    }
    for (int round = 0; round < LONGEST_END; round++) {
      pass(Duration.ofSeconds(20));
      endLeases();
      ModelInstance alive = instances.getFirst();
      for (Lane lane : lanes) {
        act(0, "signs", () -> alive.signing().all(lane));
      }
      lanes.forEach(
          lane -> act(0, "resumes replacements", () -> alive.replacements().resume(lane)));
      act(0, "speeds up what is stuck", () -> alive.replacements().speedUpStuck(chainId));
      act(0, "sends", alive::broadcast);
      act(0, "looks", alive::track);
      chain.mine(random, true);
      oneOriginalEach();
      invariants.hold();
      boolean done = isDone(alive);
      if (done && deeper) {
        say("what has ended is taken back");
        chain.reorganise(random, 2 * ModelTerms.DEPTH, false);
        deeper = false;
      } else if (done) {
        return happened(
            reckoning.everyRequestHasItsEnd(
                chain, admitted, withdrawn, alive.lanes().list(Optional.of(chainId))));
      }
    }
    throw new AssertionError(
        "no progress after faults stopped: %s%n%s"
            .formatted(reckoning.standing(), chain.standing()));
  }

  private Happened happened(Map<String, Long> ends) {
    return new Happened(
        ends.getOrDefault("CONFIRMED", 0L),
        ends.getOrDefault("REPLACED", 0L),
        ends.getOrDefault("CANCELLED", 0L),
        chain.sent().values().stream().filter(hashes -> hashes.size() > 1).count(),
        ends.getOrDefault("FAILED", 0L),
        story.stream().filter(what -> what.endsWith("starts again")).count(),
        story.stream().filter(what -> what.endsWith("meanwhile")).count(),
        admissions.getOrDefault(ModelAdmissions.Outcome.OBSTRUCTED, 0L),
        admissions.getOrDefault(ModelAdmissions.Outcome.UNFUNDED, 0L),
        operator.alarms(),
        invariants.reopened());
  }

  /// Has the operator act, and says whether nothing is left.
  private boolean isDone(ModelInstance alive) {
    boolean open = reckoning.isOpen(chain);
    boolean more = operator.resumes(alive.lanes());
    act(0, "fills what is alarmed", () -> operator.fills(lane -> admit(alive, lane)));
    for (LaneView view : alive.lanes().list(Optional.of(chainId))) {
      // A stranger's transaction was mined a moment ago, and has yet to be noticed.
      more |= Reckoning.isBehind(chain.blocks(), view);
    }
    return !open && !more;
  }
}
