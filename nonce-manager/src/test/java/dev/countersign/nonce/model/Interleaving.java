package dev.countersign.nonce.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Lets others act while one instance is at work: right before one of its transactions, when none
/// of its own is open. All of it is on one thread and follows from the seed; what the database sees
/// is what it would see of instances that run at the same time.
final class Interleaving {
  private static final int NEVER = -1;

  /// Transactions before which others may act; what does more is seldom held up late.
  private static final int LONGEST = 5;

  private final SplittableRandom random;
  private final int instances;
  private final Deque<Turn> turns = new ArrayDeque<>();
  private boolean stopped;

  /// Acts on behalf of others while one waits.
  interface Others {
    /// @param steps how many
    void act(int steps);
  }

  /// What one instance is at.
  private static final class Turn {
    private final int which;
    private int left;

    Turn(int which, int left) {
      this.which = which;
      this.left = left;
    }
  }

  /// @param instances how many there are; all of them may be at work, each held up by the next
  Interleaving(SplittableRandom random, int instances) {
    this.random = random;
    this.instances = instances;
  }

  /// From now on nobody is held up.
  void stop() {
    stopped = true;
  }

  /// Those that are at nothing.
  List<Integer> idle() {
    return IntStream.range(0, instances)
        .filter(which -> turns.stream().noneMatch(turn -> turn.which == which))
        .boxed()
        .toList();
  }

  /// Has an instance do something, which may be held up once.
  void during(int which, Runnable action) {
    boolean held = !stopped && turns.size() < instances && random.nextInt(2) == 0;
    turns.push(new Turn(which, held ? random.nextInt(LONGEST) : NEVER));
    try {
      action.run();
    } finally {
      turns.pop();
    }
  }

  /// Before each transaction of whoever is at work.
  void beforeTransaction(Others others) {
    Turn turn = turns.peek();
    if (turn == null || turn.left == NEVER || turn.left-- > 0) {
      return;
    }
    // Mostly for a moment, now and then for so long that what it has read is long out of date.
    int steps = random.nextInt(6) == 0 ? 10 : 1 + random.nextInt(3);
    try {
      others.act(steps);
    } catch (RuntimeException e) {
      // Whoever is held up has nothing to do with it, and is not to handle it.
      throw new AssertionError("while another was at work: " + e, e);
    }
  }
}
