package dev.countersign.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpLogFilesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/log/whole", exchange -> answer(exchange, 200, 3));
    server.createContext("/log/none", exchange -> answer(exchange, 404, 0));
    server.createContext("/log/busy", exchange -> answer(exchange, 503, 0));
    server.createContext("/log/long", exchange -> answer(exchange, 200, (1 << 25) + 1));
    server.createContext("/log/drip", HttpLogFilesTest::drip);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, int status, int length) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
      exchange.getResponseBody().write(new byte[length]);
    }
  }

  /// A byte now and then, for four times as long as anybody waits.
  private static void drip(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 80);
      OutputStream body = exchange.getResponseBody();
      for (int i = 0; i < 80; i++) {
        body.write(i);
        body.flush();
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpLogFiles files() {
    return new HttpLogFiles(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/log"), PATIENCE);
  }

  @Test
  void aFileIsThereOrNotOrCannotBeRead() {
    try (HttpLogFiles files = files()) {
      assertThat(files.read("whole").orElseThrow()).hasSize(3);
      assertThat(files.read("none")).isEmpty();
      assertThatThrownBy(() -> files.read("busy"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("the server answered 503");
      assertThatThrownBy(() -> files.read("long")).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void anAnswerThatDripsIsNotWaitedFor() {
    long begun = System.nanoTime();
    try (HttpLogFiles files = files()) {
      assertThatThrownBy(() -> files.read("drip"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("/log/drip: the whole answer did not come within PT2S");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE.multipliedBy(3));
  }
}
