package dev.countersign.nonce.model;

import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A chain with one pool, which forgets and is reorganised when it is told to. Payloads are known
/// by their hashes: whoever signs one says here whose it is.
final class SimulatedChain {
  private static final int MOST_IN_BLOCK = 4;

  private final List<Block> blocks = new ArrayList<>();
  private final Map<Digest32, Payload> payloads = new HashMap<>();

  /// What the pool holds, and from which time on it is in reach of whoever makes blocks.
  private final Map<Digest32, Integer> pool = new LinkedHashMap<>();

  private final Map<Slot, Set<Digest32>> sent = new HashMap<>();
  private final Set<Address> poor = new HashSet<>();
  private final Map<Address, List<Deposit>> deposits = new HashMap<>();
  private final Map<SigningRequestId, BigInteger> prices = new HashMap<>();
  private long ordinal;
  private BigInteger leastFee = BigInteger.ZERO;
  private int forks;
  private int time;

  /// What is signed for a nonce.
  ///
  /// @param ours whether the service signed it
  record Payload(Digest32 hash, Address account, UnsignedTransaction unsigned, boolean ours) {
    long nonce() {
      return unsigned.nonce().value();
    }

    BigInteger fee() {
      return unsigned.fees().maxFeePerGas().value();
    }

    /// Nodes want a tenth more of both fees.
    private boolean outbids(Payload other) {
      return isTenthMore(fee(), other.fee())
          && isTenthMore(
              unsigned.fees().maxPriorityFeePerGas().value(),
              other.unsigned.fees().maxPriorityFeePerGas().value());
    }

    private static boolean isTenthMore(BigInteger fee, BigInteger than) {
      return fee.multiply(BigInteger.TEN).compareTo(than.multiply(BigInteger.valueOf(11))) >= 0;
    }
  }

  record Slot(Address account, long nonce) {}

  /// What somebody has paid to an account, from a block on.
  private record Deposit(long block, BigInteger amount) {}

  record Block(long number, Digest32 hash, List<Payload> transactions) {
    Block {
      transactions = List.copyOf(transactions);
    }
  }

  SimulatedChain() {
    for (int i = 0; i < 5; i++) {
      append(List.of());
    }
  }

  synchronized void know(Payload payload) {
    payloads.put(payload.hash(), payload);
  }

  /// Of whose bytes it is known who signed them.
  synchronized Payload payload(Digest32 hash) {
    return Optional.ofNullable(payloads.get(hash)).orElseThrow();
  }

  /// What pays less for gas is not mined from now on.
  synchronized void leastFee(BigInteger fee) {
    leastFee = fee;
  }

  synchronized BigInteger leastFee() {
    return leastFee;
  }

  synchronized List<Block> blocks() {
    return List.copyOf(blocks);
  }

  /// What a node has taken of ours for each nonce, mined or not, ever.
  synchronized Map<Slot, Set<Digest32>> sent() {
    return Map.copyOf(sent);
  }

  synchronized void poor(Address account, boolean is) {
    if (is) {
      poor.add(account);
    } else {
      poor.remove(account);
    }
  }

  synchronized boolean isPoor(Address account) {
    return poor.contains(account);
  }

  /// What is offered for gas when a request is admitted, for whoever signs it.
  synchronized void priced(SigningRequestId request, BigInteger fee) {
    prices.put(request, fee);
  }

  synchronized BigInteger priceOf(SigningRequestId request) {
    return Optional.ofNullable(prices.get(request)).orElseThrow();
  }

  /// Grows with each call.
  synchronized long nextOrdinal() {
    return ++ordinal;
  }

  /// Pays an account, from the next block on.
  synchronized void pay(Address account, BigInteger amount) {
    deposits
        .computeIfAbsent(account, _ -> new ArrayList<>())
        .add(new Deposit(blocks.size(), amount));
  }

  /// What an account has after these blocks: every transaction costs it the most that it may.
  synchronized BigInteger balance(List<Block> seen, Address account) {
    BigInteger paid =
        deposits.getOrDefault(account, List.of()).stream()
            .filter(deposit -> deposit.block() < seen.size())
            .map(Deposit::amount)
            .reduce(BigInteger.ZERO, BigInteger::add);
    return paid.subtract(cost(seen.stream().flatMap(b -> b.transactions().stream()), account));
  }

  private static BigInteger cost(Stream<Payload> payloads, Address account) {
    return payloads
        .filter(payload -> payload.account().equals(account))
        .map(payload -> payload.unsigned().mostCost())
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  /// Whether an account can pay for a payload besides others.
  private boolean affords(Payload payload, Stream<Payload> others) {
    return balance(blocks, payload.account())
            .subtract(cost(others, payload.account()))
            .compareTo(payload.unsigned().mostCost())
        >= 0;
  }

  static long mined(List<Block> blocks, Address account) {
    return blocks.stream()
        .flatMap(block -> block.transactions().stream())
        .filter(payload -> payload.account().equals(account))
        .count();
  }

  static Optional<Block> inclusion(List<Block> blocks, Digest32 hash) {
    return blocks.stream()
        .filter(block -> block.transactions().stream().anyMatch(p -> p.hash().equals(hash)))
        .findFirst();
  }

  /// Puts a payload into the pool.
  ///
  /// @param delay how many blocks later it gets to whoever makes blocks
  /// @return what a node says to it, nothing when it takes it
  synchronized Optional<String> send(Digest32 hash, int delay) {
    Payload payload = payloads.get(hash);
    if (payload == null) {
      throw new AssertionError("a payload that nobody signed was sent: " + hash);
    }
    if (payload.ours()) {
      sent.computeIfAbsent(new Slot(payload.account(), payload.nonce()), _ -> new HashSet<>())
          .add(hash);
    }
    if (payload.nonce() < mined(blocks, payload.account())) {
      return Optional.of("nonce too low: next nonce 9, tx nonce 8");
    }
    Stream<Payload> besides =
        pool.keySet().stream().map(this::payload).filter(other -> other.nonce() != payload.nonce());
    if (poor.contains(payload.account())
        || !(pool.containsKey(hash) || affords(payload, besides))) {
      return Optional.of("insufficient funds for gas * price + value: balance 0");
    }
    if (pool.containsKey(hash)) {
      return Optional.of("already known");
    }
    List<Payload> others = others(payload);
    if (!others.stream().allMatch(payload::outbids)) {
      return Optional.of("replacement transaction underpriced");
    }
    others.forEach(other -> pool.remove(other.hash()));
    pool.put(hash, time + delay);
    return Optional.empty();
  }

  private List<Payload> others(Payload payload) {
    return pool.keySet().stream()
        .map(this::payload)
        .filter(
            other -> other.account().equals(payload.account()) && other.nonce() == payload.nonce())
        .toList();
  }

  /// Forgets what waits.
  synchronized void forgetPool() {
    pool.clear();
  }

  synchronized void drop(SplittableRandom random) {
    if (!pool.isEmpty()) {
      List<Digest32> all = List.copyOf(pool.keySet());
      pool.remove(all.get(random.nextInt(all.size())));
    }
  }

  /// One more block, with some of what can be mined.
  ///
  /// @param all whether with all of it
  synchronized void mine(SplittableRandom random, boolean all) {
    time++;
    List<Payload> chosen = new ArrayList<>();
    boolean found = true;
    while (found && (all || chosen.size() < MOST_IN_BLOCK)) {
      found = false;
      for (Digest32 hash : List.copyOf(pool.keySet())) {
        Payload payload = payload(hash);
        long next = mined(blocks, payload.account()) + count(chosen, payload.account());
        boolean inReach = all || (pool.getOrDefault(hash, 0) <= time && random.nextInt(4) > 0);
        if (payload.nonce() < next) {
          pool.remove(hash);
        } else if (payload.nonce() == next
            && inReach
            && payload.fee().compareTo(leastFee) >= 0
            && affords(payload, chosen.stream())) {
          chosen.add(payload);
          pool.remove(hash);
          found = true;
        }
      }
    }
    append(chosen);
  }

  private static long count(List<Payload> chosen, Address account) {
    return chosen.stream().filter(payload -> payload.account().equals(account)).count();
  }

  /// Takes the newest blocks back and goes on with at least as many others.
  ///
  /// @param keeps whether some of what was in them is in the pool again; or else all is forgotten
  synchronized void reorganise(SplittableRandom random, int depth, boolean keeps) {
    forks++;
    for (int i = 0; i < depth && blocks.size() > 1; i++) {
      for (Payload payload : blocks.removeLast().transactions()) {
        if (keeps && random.nextBoolean()) {
          others(payload).forEach(other -> pool.remove(other.hash()));
          pool.put(payload.hash(), time);
        }
      }
    }
    for (int i = 0; i < depth + random.nextInt(2); i++) {
      mine(random, false);
    }
  }

  private void append(List<Payload> transactions) {
    long number = blocks.size();
    blocks.add(
        new Block(
            number,
            Keccak.hash((number + "/" + forks).getBytes(StandardCharsets.US_ASCII)),
            transactions));
  }

  /// What is mined and what waits, for whoever looks for a fault.
  synchronized String standing() {
    return "mined: %s%nin the pool: %s"
        .formatted(
            blocks.stream().flatMap(block -> block.transactions().stream()).toList(),
            pool.keySet().stream().map(this::payload).toList());
  }
}
