package dev.countersign.testenv.chain;

import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.process.LoopbackPort;
import dev.countersign.testenv.process.OwnedProcess;
import dev.countersign.testenv.process.ProcessHome;
import dev.countersign.testenv.process.ProcessSpec;
import dev.countersign.testenv.process.Signal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A development chain (anvil) listening on 127.0.0.1 only, on a port that stays the same over
/// [#stop] and [#start]. The state is kept over them too; over JVMs when its options say so.
///
/// It has no accounts of its own: nothing signs but the product, and money comes from
/// [ChainRpc#setBalance]. `finalized` is two blocks behind (`--slots-in-an-epoch 1`). Safe for use
/// by several threads.
public final class DevChain implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);

  private final ProcessHome home;
  private final Path program;
  private final String name;
  private final DevChainOptions options;
  private final int port;
  private final ChainState state;
  private final ChainRpc rpc;
  private @Nullable OwnedProcess process;
  private @Nullable OwedBlocks owedBlocks;

  private DevChain(ProcessHome home, Path program, String name, DevChainOptions options, int port) {
    this.home = home;
    this.program = program;
    this.name = name;
    this.options = options;
    this.port = port;
    this.state = new ChainState(home.directory().resolve(name));
    this.rpc = new ChainRpc(rpcUrl());
  }

  /// Starts a chain with its state in the directory `NAME` of the home.
  ///
  /// @param name of its process, log and directory: lower-case letters, digits and hyphens
  /// @throws TestEnvironmentException when it does not start, with the end of its log
  public static DevChain start(
      ProcessHome home, ToolCache cache, Progress progress, String name, DevChainOptions options) {
    var chain =
        new DevChain(home, AnvilProgram.find(cache, progress), name, options, LoopbackPort.free());
    if (!options.keepState()) {
      chain.forget();
    }
    chain.start();
    return chain;
  }

  /// Starts it again on the same port, going on where it ended; does nothing when it runs. Returns
  /// when it answers.
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    try {
      var started =
          home.launch(
              new ProcessSpec(
                  name,
                  List.of(),
                  program,
                  arguments(),
                  Map.of("NO_COLOR", "1"),
                  home.directory(),
                  Signal.TERM,
                  Duration.ofSeconds(10)));
      process = started;
      started.awaitReady(READY_WITHIN, this::answers);
      if (options.mining() instanceof Mining.Automatic) {
        owedBlocks = OwedBlocks.watch(name, rpc);
      }
    } catch (IOException e) {
      throw cannotKeepState(e);
    }
  }

  private void forget() {
    try {
      state.forget();
    } catch (IOException e) {
      throw cannotKeepState(e);
    }
  }

  private TestEnvironmentException cannotKeepState(IOException e) {
    return new TestEnvironmentException(
        "cannot keep the chain's state in " + state.directory() + ": " + e.getMessage(), e);
  }

  private List<String> arguments() throws IOException {
    var arguments =
        new ArrayList<>(
            List.of(
                "--quiet",
                "--host",
                HOST,
                "--port",
                Integer.toString(port),
                "--chain-id",
                Long.toString(options.chainId()),
                "--accounts",
                "0",
                "--slots-in-an-epoch",
                "1"));
    switch (options.mining()) {
      case Mining.Automatic() -> {}
      case Mining.Interval(Duration every) ->
          arguments.addAll(
              List.of(
                  "--block-time", String.format(Locale.ROOT, "%.3f", every.toMillis() / 1000.0)));
      case Mining.OnDemand() -> arguments.add("--no-mining");
    }
    arguments.addAll(state.prepare());
    return arguments;
  }

  private boolean answers() {
    try {
      return rpc.chainId() == options.chainId();
    } catch (TestEnvironmentException e) {
      return false;
    }
  }

  /// Stops it; its state is written first. Mining stops before that: a block that came after the
  /// dump would be seen by others and be gone after [#start].
  public synchronized void stop() {
    stopWatching();
    if (process != null) {
      if (process.isAlive()) {
        stopMining();
      }
      process.stop();
    }
  }

  private void stopWatching() {
    if (owedBlocks != null) {
      owedBlocks.close();
      owedBlocks = null;
    }
  }

  private void stopMining() {
    try {
      rpc.stopMining();
    } catch (TestEnvironmentException notAnswering) {
      // It is stopped all the same.
    }
  }

  /// Kills it with SIGKILL. The blocks of the last seconds may be gone after [#start].
  public synchronized void kill() {
    stopWatching();
    if (process != null) {
      process.kill();
    }
  }

  /// {@return whether its process is alive}
  public synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  /// Returns the process id of the running node.
  ///
  /// @throws TestEnvironmentException when it does not run
  public synchronized long pid() {
    if (process == null || !process.isAlive()) {
      throw new TestEnvironmentException("the chain " + name + " is stopped; call start() first");
    }
    return process.pid();
  }

  /// {@return its EIP-155 chain id}
  public long chainId() {
    return options.chainId();
  }

  /// {@return the JSON-RPC endpoint (HTTP; the same address speaks WebSocket)}
  public URI rpcUrl() {
    return URI.create("http://" + HOST + ":" + port);
  }

  /// {@return what tests ask of the chain}
  public ChainRpc rpc() {
    return rpc;
  }

  /// The same as [#stop].
  @Override
  public void close() {
    stop();
  }
}
