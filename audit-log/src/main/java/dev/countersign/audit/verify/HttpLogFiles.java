package dev.countersign.audit.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A log that is served over HTTP as C2SP tlog-tiles. The server is not trusted: an answer has a
/// limited size and a limited time.
public final class HttpLogFiles implements LogFiles, AutoCloseable {
  /// 256 entries of 65,535 bytes and their lengths, the largest file there can be, is 16 MiB.
  private static final int MOST_BYTES = 1 << 25;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;

  private final URI base;
  private final Duration timeout;
  private final HttpClient client;

  /// @param base what the paths are below, such as `https://example.com/log`
  /// @param timeout for one file, from the connection to its last byte
  /// @throws IllegalArgumentException when `base` is not an address of HTTP
  public HttpLogFiles(URI base, Duration timeout) {
    String scheme = base.getScheme();
    if (base.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "expected an address such as https://example.com/log, got " + base);
    }
    this.base = URI.create(base.toString().replaceAll("/+$", "") + "/");
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @Override
  public Optional<byte[]> read(String path) {
    URI address = base.resolve(path);
    try {
      HttpResponse<byte[]> answer = ask(address);
      return switch (answer.statusCode()) {
        case OK -> Optional.of(answer.body());
        case NOT_FOUND, GONE -> Optional.empty();
        default -> throw new IOException("the server answered " + answer.statusCode());
      };
    } catch (IOException e) {
      // Some of the JDK's have no message: what they are says as much.
      String problem = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
      throw new UncheckedIOException("cannot read " + address + ": " + problem, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while reading " + address, e));
    }
  }

  /// The JDK's own limit ends when an answer begins: one that drips would hold us for ever.
  private HttpResponse<byte[]> ask(URI address) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(address).timeout(timeout).GET().build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the whole answer did not come within " + timeout, e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException problem ? problem : new IOException(e.getCause());
    } finally {
      // Ends the exchange where it is still going on.
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
