package dev.countersign.bench;

import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.postgres.PostgresServer;
import dev.countersign.testenv.process.ProcessHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/// `bench/run policy`: what a decision costs by the number of rules, against the same rules in CEL
/// and against the signature that follows it; and how many admissions a second one counter takes.
final class PolicyBench {
  private static final int TURNS = 3;
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Metrics metrics = new Metrics("policy");

  private PolicyBench() {}

  /// Arguments: a directory of its own, seconds.
  static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    Duration howLong = Duration.ofSeconds(Long.parseLong(args[1]));
    PolicyBench bench = new PolicyBench();
    bench.decisions(directory, howLong.dividedBy(2), howLong.dividedBy(12));
    try (ProcessHome home = ProcessHome.open(directory.resolve("postgres"), IO::println);
        PostgresServer server = PostgresServer.start(home, ToolCache.ofUser(), IO::println);
        HotScopeLoad load = new HotScopeLoad(server.createDatabase("bench"))) {
      bench.hotScope(load, howLong.dividedBy(2L * TURNS * 2));
    }
    bench.metrics.print();
  }

  private void decisions(Path directory, Duration howLong, Duration signing) throws Exception {
    IO.println("reading policies, compiling %d CEL expressions".formatted(DecisionLoad.CEL_RULES));
    DecisionLoad load = new DecisionLoad();
    IO.println("judging for %d s on one thread".formatted(howLong.toSeconds() * 3 / 2));
    load.run(howLong);
    IO.println("measuring the token alone for %d s".formatted(signing.toSeconds()));
    RawToken token = RawToken.measure(Files.createTempDirectory(directory, "token"), 1, signing);
    Map<String, Double> micros = load.micros();
    micros.forEach(
        (name, each) ->
            metrics.add(name, each, "%,.0f a second on one core".formatted(1e6 / each)));
    double most = micros("decision_us_10000", micros);
    metrics
        .add("softhsm_sign_us", token.cpuMicrosEach(), "one secp256k1 signature, same machine")
        .add(
            "ratio_10000_to_10_rules",
            most / micros("decision_us_10", micros),
            "1 means that rules which cannot match cost nothing")
        .add(
            "ratio_to_softhsm_sign",
            most / token.cpuMicrosEach(),
            "a decision by 10,000 rules to the signature that follows it")
        .add(
            "ratio_cel_to_indexed",
            micros("decision_us_cel_10000", micros) / most,
            "the same rules in CEL, one by one, without limits");
  }

  private static double micros(String name, Map<String, Double> all) {
    return Objects.requireNonNull(all.get(name));
  }

  private void hotScope(HotScopeLoad load, Duration turn) throws Exception {
    IO.println(
        "%d callers on one limit scope, %d turns of %d ms each"
            .formatted(HotScopeLoad.CALLERS, TURNS, turn.toMillis()));
    var _ = load.inserts(WARM_UP);
    var _ = load.admits(WARM_UP);
    double inserts = 0;
    double admits = 0;
    for (int i = 0; i < TURNS; i++) {
      inserts += load.inserts(turn) / TURNS;
      admits += load.admits(turn) / TURNS;
    }
    load.requireEveryAdmissionCounted();
    metrics
        .add(
            "hot_scope_admits_per_s", admits, "durable, %d callers".formatted(HotScopeLoad.CALLERS))
        .add("plain_inserts_per_s", inserts, "one row and one commit each, as many clients")
        .add("ratio", admits / inserts, "1 would mean that policy and limit are free");
  }
}
