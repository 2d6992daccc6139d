package dev.countersign.nonce.model;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// What happens to a chain and its nodes, and what strangers do.
final class Misfortunes {
  static final BigInteger ETHER = BigInteger.TEN.pow(18);

  private final ModelTerms terms;
  private final SplittableRandom random;
  private final SimulatedChain chain;
  private final SimulatedNodes nodes;
  private final Stranger stranger;
  private final Runnable minute;
  private final Consumer<String> say;

  /// Has a key that is not theirs.
  interface Stranger {
    SignedTransaction sign(Lane lane, Nonce nonce, Wei value);
  }

  /// @param minute passes, and with it the leases
  /// @param say what happens
  Misfortunes(
      ModelTerms terms,
      SplittableRandom random,
      SimulatedChain chain,
      SimulatedNodes nodes,
      Stranger stranger,
      Runnable minute,
      Consumer<String> say) {
    this.terms = terms;
    this.random = random;
    this.chain = chain;
    this.nodes = nodes;
    this.stranger = stranger;
    this.minute = minute;
    this.say = say;
  }

  void strike(Lane lane) {
    switch (random.nextInt(11)) {
      case 0, 1 -> {
        boolean deep = terms.isDeep() && random.nextInt(3) == 0;
        int depth = (deep ? ModelTerms.DEPTH : 1) + random.nextInt(ModelTerms.DEPTH - 1);
        say.accept("a reorganisation of " + depth);
        chain.reorganise(random, depth, !deep || random.nextBoolean());
      }
      case 2 -> {
        say.accept("the pool drops one");
        chain.drop(random);
      }
      case 3 -> {
        say.accept("the pool is forgotten");
        chain.forgetPool();
      }
      case 4, 5 -> {
        say.accept("another node is odd");
        nodes.turn(random);
      }
      case 6 -> {
        boolean poor = random.nextBoolean();
        say.accept("poor: " + poor);
        chain.poor(lane.address(), poor);
      }
      case 7 -> foreign(lane);
      case 8 -> {
        // From nothing to ten times of what is usual.
        long fee = 20_000_000_000L * random.nextInt(11);
        say.accept("gas costs " + fee);
        chain.leastFee(BigInteger.valueOf(fee));
      }
      case 9 -> {
        say.accept("somebody pays in");
        chain.pay(lane.address(), ETHER.multiply(BigInteger.valueOf(random.nextInt(20))));
      }
      default -> {
        say.accept("a minute passes");
        minute.run();
      }
    }
  }

  /// Somebody else uses the key.
  private void foreign(Lane lane) {
    if (terms.isDeep() || random.nextBoolean()) {
      return;
    }
    long next = SimulatedChain.mined(chain.blocks(), lane.address()) + random.nextInt(2);
    Wei value =
        new Wei(
            terms.isFinite()
                ? ETHER.multiply(BigInteger.valueOf(random.nextInt(5)))
                : BigInteger.ZERO);
    int many = terms.isStolen() ? 3 : 1;
    for (long nonce = next; nonce < next + many; nonce++) {
      say.accept("somebody else sends nonce " + nonce);
      chain.send(stranger.sign(lane, new Nonce(nonce), value).hash(), 0);
    }
  }
}
