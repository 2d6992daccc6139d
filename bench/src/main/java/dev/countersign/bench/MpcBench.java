package dev.countersign.bench;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.dkls.Presignature;
import dev.countersign.mpc.frost.Ciphersuite;
import dev.countersign.mpc.frost.FrostEd25519;
import dev.countersign.mpc.frost.FrostSecp256k1;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.KeyShare;
import fr.acinq.secp256k1.Secp256k1;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;

/// `bench/run mpc`: threshold signatures, all parties' work counted, against libsecp256k1 signing
/// with one key on the same core in the same run. Times are CPU times of the one thread there is.
final class MpcBench {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final Duration each;
  private final Metrics metrics = new Metrics("mpc");
  private double floor;

  private MpcBench(Duration each) {
    this.each = each;
  }

  private interface Work {
    void run() throws Exception;
  }

  /// Arguments: a folder that is not used, seconds.
  static void main(String[] args) throws Exception {
    // One half warms up, and there are nine things to measure.
    new MpcBench(Duration.ofSeconds(Long.parseLong(args[1])).dividedBy(18)).run();
  }

  private void run() throws Exception {
    byte[] key = random();
    floor =
        perSecond(
            () -> Objects.requireNonNull(Secp256k1.get().sign(random(), key, random())),
            "libsecp256k1");
    metrics.add("libsecp256k1_sign_per_s", floor, "one key, ECDSA, the floor");
    ecdsa(2, 2);
    ecdsa(2, 3);
    ecdsa(3, 5);
    keygen();
    frost("frost_secp256k1_2of3_per_s_core", FrostSecp256k1.INSTANCE);
    frost("frost_ed25519_2of3_per_s_core", FrostEd25519.INSTANCE);
    metrics.print();
  }

  private void ecdsa(int threshold, int count) throws Exception {
    String name = "dkls23_%dof%d_sign_per_s_core".formatted(threshold, count);
    LocalParties parties = new LocalParties(threshold, count);
    var shares = LocalParties.shares(parties.generate(Secp256k1Group.INSTANCE));
    parties.setUp();
    long before = parties.bytes();
    parties.sign(parties.presign(shares), random());
    long sent = parties.bytes() - before;
    double perSecond = perSecond(() -> parties.sign(parties.presign(shares), random()), name);
    add(name, perSecond, "all parties' work");
    metrics.add(
        name.replace("sign_per_s_core", "cpu_ms_per_party"),
        1_000 / perSecond / threshold,
        "of one signature");
    metrics.add(
        name.replace("sign_per_s_core", "bytes_per_party"),
        (double) sent / threshold,
        "sent, of one signature");
    if (count == 3) {
      presigned(parties, shares);
    }
  }

  /// Only what is left to do once the message is there.
  private void presigned(LocalParties parties, Map<Party, KeyShare<Secp256k1Point>> shares)
      throws Exception {
    Deque<Map<Party, Presignature>> pool = new ArrayDeque<>();
    int made = 200;
    long spent = 0;
    long signed = 0;
    long end = CLOCK.getCurrentThreadCpuTime() + each.multipliedBy(2).toNanos();
    while (signed == 0 || CLOCK.getCurrentThreadCpuTime() < end) {
      while (pool.size() < made) {
        pool.add(parties.presign(shares));
      }
      long began = CLOCK.getCurrentThreadCpuTime();
      while (!pool.isEmpty()) {
        parties.sign(pool.remove(), random());
      }
      // The first ones warm up.
      spent = signed == 0 ? 0 : spent + CLOCK.getCurrentThreadCpuTime() - began;
      signed += made;
    }
    if (spent > 0) {
      add(
          "dkls23_presigned_per_s_core",
          (signed - made) / (spent / 1e9),
          "2-of-3, from presignatures");
    }
  }

  private void keygen() throws Exception {
    String name = "dkls23_keygen_2of3_ms";
    double perSecond =
        perSecond(
            () -> {
              LocalParties parties = new LocalParties(2, 3);
              parties.generate(Secp256k1Group.INSTANCE);
              parties.setUp();
            },
            name);
    metrics.add(name, 1_000 / perSecond / 3, "CPU of each party, setups of pairs included");
  }

  private <P extends Point<P>> void frost(String name, Ciphersuite<P> suite) throws Exception {
    LocalParties parties = new LocalParties(2, 3);
    var shares = LocalParties.shares(parties.generate(suite.group()));
    add(name, perSecond(() -> parties.frost(suite, shares, random()), name), "all parties' work");
  }

  private void add(String name, double perSecond, String explanation) {
    metrics.add(name, perSecond, explanation);
    metrics.add(
        name.replace("_per_s_core", "") + "_ratio", perSecond / floor, "to libsecp256k1's one key");
  }

  private double perSecond(Work work, String name) throws Exception {
    IO.println(name);
    measured(work);
    return measured(work);
  }

  private double measured(Work work) throws Exception {
    long began = CLOCK.getCurrentThreadCpuTime();
    long count = 0;
    long spent;
    do {
      work.run();
      count++;
      spent = CLOCK.getCurrentThreadCpuTime() - began;
    } while (spent < each.toNanos());
    return count / (spent / 1e9);
  }

  private static byte[] random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
