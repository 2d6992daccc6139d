package dev.countersign.testenv.process;

import dev.countersign.testenv.TestEnvironmentException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Free TCP ports on 127.0.0.1.
public final class LoopbackPort {
  private LoopbackPort() {}

  /// Returns a port that nothing listens on at this moment. The kernel hands out another one next
  /// time, so a collision with another program is unlikely, yet possible.
  public static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new TestEnvironmentException(
          "no free TCP port on 127.0.0.1: " + e.getMessage() + "; check ulimit -n and the firewall",
          e);
    }
  }
}
