package dev.countersign.server.jsonrpc;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.pipeline.ClientRoom;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.server.access.CallerRefusals;
import dev.countersign.server.access.MutualTls;
import dev.countersign.server.settings.JsonRpcSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP end: `POST /v1/{chain}`, TLS 1.3. Bodies are bounded, nothing is compressed, and no
/// other origin is let in: what browsers ask for before they call across origins is not answered.
public final class JsonRpcListener implements AutoCloseable {
  /// The largest body, in bytes; as of a gRPC message.
  static final int LARGEST_BODY = 256 * 1024;

  /// The largest body of one `eth_sendTransaction` with blobs, in bytes: six of them in hex digits,
  /// with their cells' proofs, and what any body may have besides.
  static final int LARGEST_WITH_BLOBS =
      LARGEST_BODY + BlobSidecar.MOST_BLOBS * 2 * (BlobSidecar.BLOB_SIZE + 8 * 1024);

  private static final Logger LOG = LoggerFactory.getLogger(JsonRpcListener.class);
  private static final String PATH = "/v1/";
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
  private static final int BACKLOG = 128;
  private static final int MOST_READ_AWAY = 1 << 20;
  private static final int READ_AWAY = 1 << 13;
  private static final String LONGEST_REQUEST_SECONDS = "30";
  private static final String MOST_CONNECTIONS = "4096";

  /// Calls of a client at once, whose bodies are in memory.
  private static final int MOST_OF_A_CLIENT = 256;

  private final JsonRpcSettings settings;
  private final MutualTls tls;
  private final CallerRefusals refusals;
  private final RpcAuthentication authentication;
  private final RpcDispatch dispatch;
  private final ChainDirectory chains;
  private final Predicate<ChainId> withBlobs;
  private final ClientRoom room = new ClientRoom(MOST_OF_A_CLIENT);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable HttpServer server;

  /// @param withBlobs whether a chain takes transactions with blobs
  JsonRpcListener(
      JsonRpcSettings settings,
      MutualTls tls,
      CallerRefusals refusals,
      RpcAuthentication authentication,
      RpcDispatch dispatch,
      ChainDirectory chains,
      Predicate<ChainId> withBlobs) {
    this.withBlobs = withBlobs;
    this.settings = settings;
    this.tls = tls;
    this.refusals = refusals;
    this.authentication = authentication;
    this.dispatch = dispatch;
    this.chains = chains;
  }

  /// Calls are taken when this returns.
  ///
  /// @throws IOException when the address is taken, or a TLS file is not what it should be
  public synchronized void start() throws IOException {
    // The JDK's server reads these once: a peer that never ends its request must not keep a
    // connection, and answers must not wait for more to send.
    System.setProperty("sun.net.httpserver.maxReqTime", LONGEST_REQUEST_SECONDS);
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // Whoever opens connections and shows nothing takes no more than these.
    System.setProperty("jdk.httpserver.maxConnections", MOST_CONNECTIONS);
    InetSocketAddress address =
        new InetSocketAddress(settings.listen().host(), settings.listen().port());
    HttpServer made = settings.plain() ? HttpServer.create(address, BACKLOG) : secured(address);
    made.setExecutor(threads);
    made.createContext("/", this::handle);
    made.start();
    server = made;
    LOG.info("JSON-RPC is at {}", url());
  }

  /// Without the path of a chain.
  public synchronized String url() {
    return "%s://%s:%d/v1/"
        .formatted(settings.plain() ? "http" : "https", settings.listen().host(), port());
  }

  /// The port it listens on.
  public synchronized int port() {
    if (server == null) {
      throw new IllegalStateException("JSON-RPC is not served yet");
    }
    return server.getAddress().getPort();
  }

  private HttpsServer secured(InetSocketAddress address) throws IOException {
    SSLContext context = tls.optionalClientContext(refusals);
    HttpsServer https = HttpsServer.create(address, BACKLOG);
    https.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setProtocols(new String[] {"TLSv1.3"});
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    return https;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        answer(exchange);
      } catch (StoreUnavailableException e) {
        LOG.warn("a caller could not be told, since the store is unavailable", e);
        refuse(exchange, 503, RpcError.of(RpcError.UNAVAILABLE, "the store is unavailable"));
      }
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Optional<ChainId> chain = chain(exchange.getRequestURI().getPath());
    if (chain.isEmpty()) {
      refuse(
          exchange,
          404,
          RpcError.of(
              RpcError.INVALID_REQUEST,
              "expected /v1/ and a chain that is configured, such as /v1/eip155:1 or /v1/1"));
      return;
    }
    if (!exchange.getRequestMethod().equals("POST") || !isJson(exchange.getRequestHeaders())) {
      refuse(
          exchange,
          exchange.getRequestMethod().equals("POST") ? 415 : 405,
          RpcError.of(RpcError.INVALID_REQUEST, "expected POST with content of application/json"));
      return;
    }
    Optional<RpcCaller> caller = authentication.caller(exchange);
    if (caller.isEmpty()) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      refuse(
          exchange,
          401,
          RpcError.of(
              RpcError.UNAUTHORIZED,
              "expected the certificate of a registered client, or Authorization: Bearer with a"
                  + " token that is valid now"));
      return;
    }
    if (!room.enter(caller.get().id())) {
      refuse(
          exchange,
          429,
          RpcError.of(
              RpcError.LIMIT,
              "client %s has %d calls at once, which is as many as it may; try again"
                  .formatted(caller.get().id(), MOST_OF_A_CLIENT)));
      return;
    }
    try {
      answer(exchange, caller.get(), chain.get());
    } finally {
      room.leave(caller.get().id());
    }
  }

  private void answer(HttpExchange exchange, RpcCaller caller, ChainId chain) throws IOException {
    int largest = withBlobs.test(chain) ? LARGEST_WITH_BLOBS : LARGEST_BODY;
    byte[] body = exchange.getRequestBody().readNBytes(largest + 1);
    if (body.length > largest) {
      refuse(
          exchange,
          413,
          RpcError.of(
              RpcError.LIMIT,
              "expected at most %d bytes; for blobs, on a chain that takes them, %d"
                  .formatted(LARGEST_BODY, LARGEST_WITH_BLOBS)));
      return;
    }
    Optional<String> key =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    Optional<byte[]> answer = dispatch.answer(new RpcDispatch.Call(caller, chain, key), body);
    send(exchange, answer.isPresent() ? 200 : 204, answer.orElse(new byte[0]));
  }

  /// `/v1/eip155:1` or `/v1/1`, of a chain that is configured.
  private Optional<ChainId> chain(String path) {
    if (!path.startsWith(PATH)) {
      return Optional.empty();
    }
    String name = path.substring(PATH.length());
    try {
      ChainId id =
          NUMBER.matcher(name).matches()
              ? ChainId.ofEip155(Long.parseLong(name))
              : new ChainId(name);
      return chains.find(id).map(ChainDirectory.Chain::id);
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  /// What browsers send across origins without asking first has another type.
  private static boolean isJson(Headers headers) {
    String type = headers.getFirst("Content-Type");
    return type != null
        && type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT).equals("application/json");
  }

  /// The connection ends with it: what is left of the body would be taken for the next request. It
  /// is read away first, within bounds, as a peer that is still writing would not see the answer.
  private void refuse(HttpExchange exchange, int status, RpcError error) throws IOException {
    byte[] away = new byte[READ_AWAY];
    for (int left = MOST_READ_AWAY; left > 0; left -= READ_AWAY) {
      if (exchange.getRequestBody().readNBytes(away, 0, READ_AWAY) < READ_AWAY) {
        break;
      }
    }
    exchange.getResponseHeaders().set("Connection", "close");
    send(exchange, status, dispatch.bytes(RpcDispatch.error(null, error)));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }
}
