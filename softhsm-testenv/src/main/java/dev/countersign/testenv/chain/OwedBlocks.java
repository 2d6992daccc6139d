package dev.countersign.testenv.chain;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Mines the block that a chain with automatic mining owes. anvil's miner is woken by transactions
/// that arrive, and misses some where many do: they stay in its pool, though they are payable and
/// next in order, until it is woken again. Sending them once more does not wake it.
final class OwedBlocks implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final ChainRpc rpc;
  private final Thread thread;
  private @Nullable String owedAfter;

  private OwedBlocks(String chain, ChainRpc rpc) {
    this.rpc = rpc;
    this.thread = Thread.ofVirtual().name("blocks of " + chain).unstarted(this::run);
  }

  /// Watches until it is closed.
  static OwedBlocks watch(String chain, ChainRpc rpc) {
    OwedBlocks watch = new OwedBlocks(chain, rpc);
    watch.thread.start();
    return watch;
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(INTERVAL);
        look();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // It is slow, or stopped without being told to; it is asked again, whatever it was.
        owedAfter = null;
      }
    }
  }

  /// A block is owed when the next one would have transactions at two looks, and none has come in
  /// between.
  private void look() {
    String newest = rpc.call("eth_getBlockByNumber", "latest", false).path("hash").asText();
    if (!rpc.call("anvil_getAutomine").asBoolean() || !hasNext()) {
      owedAfter = null;
    } else if (newest.equals(owedAfter)) {
      owedAfter = null;
      rpc.mine(1);
    } else {
      owedAfter = newest;
    }
  }

  private boolean hasNext() {
    // Working out the next block takes long where the pool is full; most often it is empty.
    JsonNode status = rpc.call("txpool_status");
    return !status.path("pending").asText().equals("0x0")
        && !rpc.call("eth_getBlockByNumber", "pending", false).path("transactions").isEmpty();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
