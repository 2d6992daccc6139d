package dev.countersign.bench;

import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SignTransactionResponse;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.cli.connection.SandboxDescription;
import dev.countersign.cli.connection.ServerAddress;
import dev.countersign.cli.connection.ServerConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/// `bench/run sign`: the whole pipeline of a running sandbox, from gRPC to a durable signature,
/// against the same token signing with nothing in the way.
final class SignBench {
  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final Duration RAW = Duration.ofSeconds(8);
  private static final int TOKEN_THREADS = 2;
  private static final int CONNECTIONS = 4;
  private static final long LONGEST_MICROS = 60_000_000;

  private final SandboxDescription sandbox;
  private final String payee;
  private final int callers;
  private final ConcurrentHistogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
  private final AtomicLong signed = new AtomicLong();

  private SignBench(SandboxDescription sandbox, int callers) {
    this.sandbox = sandbox;
    // The sandbox's policy lets its wallets pay each other.
    this.payee = Objects.requireNonNull(sandbox.wallets()).getLast().address();
    this.callers = callers;
  }

  /// Arguments: the sandbox's home, callers, seconds.
  static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    int callers = Integer.parseInt(args[1]);
    Duration howLong = Duration.ofSeconds(Long.parseLong(args[2]));
    new SignBench(SandboxDescription.read(home), callers).run(home, howLong);
  }

  private void run(Path home, Duration howLong) throws Exception {
    SandboxDescription.Pids pids = Objects.requireNonNull(sandbox.pids(), "the sandbox is not up");
    IO.println("warming up for %d s with %d callers".formatted(WARM_UP.toSeconds(), callers));
    load(WARM_UP);
    micros.reset();
    signed.set(0);
    IO.println("measuring for %d s".formatted(howLong.toSeconds()));
    long commitsBefore = DatabaseCounters.commits(sandbox);
    Duration cpuBefore = ProcessCpu.ofTree(pids.server()).plus(ProcessCpu.ofTree(pids.postgres()));
    long began = System.nanoTime();
    load(howLong);
    double seconds = (System.nanoTime() - began) / 1e9;
    Duration cpu =
        ProcessCpu.ofTree(pids.server()).plus(ProcessCpu.ofTree(pids.postgres())).minus(cpuBefore);
    long commits = DatabaseCounters.commits(sandbox) - commitsBefore;
    IO.println("measuring the token alone for %d s".formatted(RAW.toSeconds()));
    RawToken token = RawToken.measure(Files.createTempDirectory(home, "bench"), TOKEN_THREADS, RAW);
    long count = signed.get();
    double rate = count / seconds;
    double cpuEach = cpu.toNanos() / 1e3 / count;
    new Metrics("sign")
        .add("requests_per_s", rate, "durable signatures a second, gRPC to settled")
        .add(
            "cpu_us_per_request_beyond_token",
            cpuEach - token.cpuMicrosEach(),
            "CPU of server and database (broadcast and log too), less the token's own")
        .add("p50_ms", micros.getValueAtPercentile(50) / 1e3, "of a call")
        .add("p99_ms", micros.getValueAtPercentile(99) / 1e3, "of a call")
        .add("raw_token_signs_per_s", token.perSecond(), TOKEN_THREADS + " threads, same machine")
        .add("ratio_to_raw_token", rate / token.perSecond(), "1 would mean the rest is free")
        .add("commits_per_request", (double) commits / count, "all commits of the database")
        .print();
  }

  private void load(Duration howLong) throws InterruptedException, ExecutionException {
    SandboxDescription.Grpc grpc = Objects.requireNonNull(sandbox.grpc());
    ServerAddress address =
        new ServerAddress(
            grpc.target(), Path.of(grpc.ca()), Path.of(grpc.cert()), Path.of(grpc.key()));
    List<ServerConnection> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(ServerConnection.open(address));
    }
    long end = System.nanoTime() + howLong.toNanos();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        ServerConnection connection = connections.get(i % CONNECTIONS);
        running.add(executor.submit(() -> callUntil(end, connection)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      connections.forEach(ServerConnection::close);
    }
  }

  private void callUntil(long end, ServerConnection connection) {
    String chain = Objects.requireNonNull(sandbox.chains()).getFirst().id();
    String wallet = Objects.requireNonNull(sandbox.wallets()).getFirst().id();
    while (System.nanoTime() < end) {
      SignTransactionRequest request =
          SignTransactionRequest.newBuilder()
              .setRequestId("bench-" + UUID.randomUUID())
              .setWallet(wallet)
              .setChain(chain)
              .setNativeTransfer(NativeTransfer.newBuilder().setTo(payee).setAmount("1"))
              .build();
      long began = System.nanoTime();
      SignTransactionResponse answer = connection.signing().signTransaction(request);
      micros.recordValue(Math.min(LONGEST_MICROS, (System.nanoTime() - began) / 1_000));
      SigningRequest.State state = answer.getRequest().getState();
      if (state == SigningRequest.State.STATE_DENIED
          || answer.getRequest().getRawTransaction().isEmpty()) {
        throw new IllegalStateException("not signed: " + answer);
      }
      signed.incrementAndGet();
    }
  }
}
