package dev.countersign.endtoend;

import dev.countersign.testenv.chain.DevChain;
import java.io.IOException;

/// Stops the node of a chain with SIGSTOP: it takes connections and bytes, and answers nothing
/// until it goes on.
final class ChainFreeze implements AutoCloseable {
  private final long pid;

  ChainFreeze(DevChain chain) throws IOException {
    this.pid = chain.pid();
    signal("STOP");
  }

  @Override
  public void close() throws IOException {
    signal("CONT");
  }

  private void signal(String name) throws IOException {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
      if (code != 0) {
        throw new IOException("kill -%s %d ended with %d".formatted(name, pid, code));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before kill -%s %d ended".formatted(name, pid), e);
    }
  }
}
