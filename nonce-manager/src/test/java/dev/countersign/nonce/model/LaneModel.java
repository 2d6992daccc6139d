package dev.countersign.nonce.model;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.LeaseLostException;
import dev.countersign.nonce.chain.BalanceTerms;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.chain.ChainFacts;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.chain.FinalityTag;
import dev.countersign.nonce.lane.LaneGaps;
import dev.countersign.nonce.lane.LaneGaps.Gap;
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
/// hundred things that happen in the order that the seed says. Then faults stop, and everything has
/// to come to its end.
final class LaneModel {
  private static final long FIRST_CHAIN = 1_000_000;
  /// Reorganisations are less deep.
  static final int DEPTH = 3;
  private static final int INSTANCES = 3;
  private static final int LONGEST_END = 80;
  private static final List<When> WHENS = List.copyOf(EnumSet.allOf(When.class));
  private static final List<Ending> ENDINGS = List.copyOf(EnumSet.allOf(Ending.class));
  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private final long seed;
  private final SplittableRandom random;
  private final UnitOfWork database;
  private final SimulatedChain chain = new SimulatedChain();
  private final SimulatedNodes nodes;
  private final ChainDefinitions definitions;
  private final ChainId chainId;
  private final List<TestAccount> accounts;
  private final List<Lane> lanes;
  private final List<ModelInstance> instances = new ArrayList<>();
  private final Set<SigningRequestId> admitted = new HashSet<>();
  private final List<String> story = new ArrayList<>();
  private final Reckoning reckoning;
  private Instant now = START;
  private int names;
  private int known;

  LaneModel(UnitOfWork database, long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.database = database;
    this.chainId = ChainId.ofEip155(FIRST_CHAIN + seed);
    this.reckoning = new Reckoning(database, chainId);
    this.nodes = new SimulatedNodes(chain, FIRST_CHAIN + seed, seed);
    this.definitions = ChainDefinitions.of(List.of(definition()));
    this.accounts = List.of(new TestAccount("model 1"), new TestAccount("model 2"));
    this.lanes = accounts.stream().map(account -> new Lane(chainId, account.address())).toList();
    for (int i = 0; i < INSTANCES; i++) {
      instances.add(started());
    }
  }

  /// On every other chain it is the nodes that say what is final.
  private ChainDefinition definition() {
    boolean isTagged = seed % 2 == 0;
    Set<FinalityTag> tag = isTagged ? Set.of(FinalityTag.FINALIZED) : Set.of();
    return new ChainDefinition(
        chainId,
        "Model",
        "ETH",
        FeeModel.EIP1559,
        SimulatedNodes.urls().stream().map(ChainEndpoint::of).toList(),
        isTagged ? 1 : DEPTH,
        Duration.ofSeconds(1),
        "",
        new ChainFacts(
            60,
            Duration.ofSeconds(1),
            tag,
            tag.stream().findFirst(),
            16,
            Set.of(TransactionType.EIP1559),
            true),
        2,
        BalanceTerms.DEFAULT,
        ReplacementTerms.DEFAULT);
  }

  private ModelInstance started() {
    return new ModelInstance(
        database, definitions, nodes, chain, accounts, () -> now, new UUID(seed, ++names));
  }

  /// @return what happened, for whoever looks for a fault
  List<String> story() {
    return List.copyOf(story);
  }

  /// How often something happened that is to happen.
  ///
  /// @param confirmed requests that ended on the chain
  /// @param foreign requests that lost their nonce to somebody else
  /// @param cancelled requests whose cancellation was mined
  /// @param outbid nonces for which a node took more than one payload
  /// @param failed requests that could not be signed
  /// @param crashes instances that died
  record Happened(
      long confirmed, long foreign, long cancelled, long outbid, long failed, long crashes) {
    static final Happened NOTHING = new Happened(0, 0, 0, 0, 0, 0);

    Happened and(Happened other) {
      return new Happened(
          confirmed + other.confirmed,
          foreign + other.foreign,
          cancelled + other.cancelled,
          outbid + other.outbid,
          failed + other.failed,
          crashes + other.crashes);
    }
  }

  Happened run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
      oneOriginalEach();
    }
    return end();
  }

  private void step() {
    int which = random.nextInt(INSTANCES);
    ModelInstance instance = instances.get(which);
    if (random.nextInt(8) == 0) {
      When when = WHENS.get(random.nextInt(WHENS.size()));
      int after = random.nextInt(4);
      say("%d dies after %d transactions, %s".formatted(which, after, when));
      instance.unitOfWork().crashAfter(after, when);
    }
    Lane lane = lanes.get(random.nextInt(lanes.size()));
    int what = random.nextInt(100);
    if (what < 18) {
      act(which, "admits", () -> admit(instance, lane));
    } else if (what < 37) {
      int owned = random.nextInt(3);
      boolean fails = random.nextInt(6) == 0;
      act(which, fails ? "cannot sign" : "signs", () -> instance.sign(lane, owned, fails));
    } else if (what < 45) {
      replace(which, lane);
    } else if (what < 48) {
      act(which, "resumes replacements", () -> instance.replacements().resume(lane));
    } else if (what < 50) {
      act(
          which,
          "speeds up what is stuck",
          () -> instance.replacements().speedUpStuck(lane.chain()));
    } else if (what < 64) {
      act(which, "sends", instance::broadcast);
    } else if (what < 77) {
      act(which, "looks", instance::track);
    } else if (what < 87) {
      say("a block");
      chain.mine(random, false);
    } else {
      misfortune(lane);
    }
    if (instance.unitOfWork().isDead()) {
      say("%d starts again".formatted(which));
      instances.set(which, started());
    }
    pass(Duration.ofMillis(random.nextInt(6_000)));
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

  private void misfortune(Lane lane) {
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        int depth = 1 + random.nextInt(DEPTH - 1);
        say("a reorganisation of " + depth);
        chain.reorganise(random, depth);
      }
      case 2 -> {
        say("the pool drops one");
        chain.drop(random);
      }
      case 3 -> {
        say("the pool is forgotten");
        chain.forgetPool();
      }
      case 4, 5 -> {
        say("another node is odd");
        nodes.turn(random);
      }
      case 6 -> {
        boolean poor = random.nextBoolean();
        say("poor: " + poor);
        chain.poor(lane.address(), poor);
      }
      case 7 -> foreign(lane);
      case 8 -> {
        // From nothing to ten times of what is usual.
        long fee = 20_000_000_000L * random.nextInt(11);
        say("gas costs " + fee);
        chain.leastFee(BigInteger.valueOf(fee));
      }
      default -> {
        say("a minute passes");
        pass(Duration.ofMinutes(1));
        endLeases();
      }
    }
  }

  /// Somebody else uses the key.
  private void foreign(Lane lane) {
    if (random.nextInt(3) > 0) {
      return;
    }
    long next = SimulatedChain.mined(chain.blocks(), lane.address()) + random.nextInt(2);
    say("somebody else sends nonce " + next);
    chain.send(instances.getFirst().foreign(lane, new Nonce(next)).hash(), 0);
  }

  private void admit(ModelInstance instance, Lane lane) {
    SigningRequestId request = new SigningRequestId(new UUID(seed, random.nextLong()));
    // Known before it is: whether it was committed is what a crash leaves open.
    admitted.add(request);
    if (instance.admit(lane, request)) {
      say("admitted " + request);
    }
  }

  /// What an instance does, whatever comes of it.
  private void act(int which, String what, Runnable action) {
    say(which + " " + what);
    try {
      action.run();
    } catch (Crash | NodeUnavailableException | LeaseLostException | StoreUnavailableException e) {
      say("  " + e.getMessage());
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
    nodes.heal();
    lanes.forEach(lane -> chain.poor(lane.address(), false));
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
        act(0, "signs", () -> signAll(alive, lane));
      }
      lanes.forEach(
          lane -> act(0, "resumes replacements", () -> alive.replacements().resume(lane)));
      act(0, "speeds up what is stuck", () -> alive.replacements().speedUpStuck(chainId));
      act(0, "sends", alive::broadcast);
      act(0, "looks", alive::track);
      chain.mine(random, true);
      oneOriginalEach();
      if (isDone(alive)) {
        Map<String, Long> ends =
            reckoning.everyRequestHasItsEnd(
                chain, admitted, alive.lanes().list(Optional.of(chainId)));
        return new Happened(
            ends.getOrDefault("CONFIRMED", 0L),
            ends.getOrDefault("REPLACED", 0L),
            ends.getOrDefault("CANCELLED", 0L),
            chain.sent().values().stream().filter(hashes -> hashes.size() > 1).count(),
            ends.getOrDefault("FAILED", 0L),
            story.stream().filter(what -> what.endsWith("starts again")).count());
      }
    }
    throw new AssertionError(
        "no progress after faults stopped: %s%n%s"
            .formatted(reckoning.standing(), chain.standing()));
  }

  private void signAll(ModelInstance instance, Lane lane) {
    while (instance.sign(lane, 0, false)) {
      // The next one.
    }
  }

  /// Does what an operator does, and nothing that nobody is told of: resumes what is paused, has
  /// gaps filled that are alarmed. Says whether nothing is left.
  private boolean isDone(ModelInstance alive) {
    boolean open = reckoning.isOpen();
    boolean more = false;
    List<Gap> gaps = database.inTransaction(t -> LaneGaps.of(t.unwrap(Handle.class), chainId));
    for (LaneView view : alive.lanes().list(Optional.of(chainId))) {
      if (view.pause().isPresent()) {
        alive.lanes().resume(Actor.system("operator"), view.lane());
        more = true;
      } else if (gaps.stream().anyMatch(gap -> gap.lane().equals(view.lane()))) {
        act(0, "fills", () -> admit(alive, view.lane()));
        more = true;
      } else if (Reckoning.isBehind(chain.blocks(), view)) {
        // A stranger's transaction was mined a moment ago, and has yet to be noticed.
        more = true;
      }
    }
    return !open && !more;
  }
}
