package dev.countersign.audit.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.audit.checkpoint.Checkpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A witness behind HTTP: `POST /add-checkpoint` (C2SP tlog-witness), and nothing else. Whoever may
/// ask need not be known: a checkpoint is worth its signature. Where it is reached over a network,
/// TLS ends before it.
public final class WitnessServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);
  private static final int MOST_AT_ONCE = 64;
  private static final int BACKLOG = 64;
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Witness witness;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);

  private final Consumer<String> complaints;

  private WitnessServer(Witness witness, HttpServer http, Consumer<String> complaints) {
    this.witness = witness;
    this.http = http;
    this.complaints = complaints;
  }

  /// Answers from when it returns.
  ///
  /// @param address port 0 takes a free one, see [#port]
  /// @throws IOException when the address cannot be listened on
  public static WitnessServer start(Witness witness, InetSocketAddress address) throws IOException {
    return start(witness, address, LOG::error);
  }

  /// [#start], with somebody to tell: of logs that show another history than before, and of a disk
  /// that does not take what must be remembered.
  public static WitnessServer start(
      Witness witness, InetSocketAddress address, Consumer<String> complaints) throws IOException {
    WitnessServer server =
        new WitnessServer(witness, HttpServer.create(address, BACKLOG), complaints);
    server.http.createContext("/", server::handle);
    server.http.setExecutor(server.threads);
    server.http.start();
    return server;
  }

  /// The port that it listens on.
  public int port() {
    return http.getAddress().getPort();
  }

  private record Reply(int status, String type, String body) {
    Reply(int status, String body) {
      this(status, TEXT, body + "\n");
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply = room.tryAcquire() ? admitted(exchange) : new Reply(503, "busy; try again");
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", reply.type());
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Reply admitted(HttpExchange exchange) throws IOException {
    try {
      return reply(exchange);
    } finally {
      room.release();
    }
  }

  private Reply reply(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/" + AddCheckpoint.PATH)) {
      return new Reply(404, "there is /" + AddCheckpoint.PATH + " and nothing else");
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      return new Reply(405, "expected POST");
    }
    byte[] body = exchange.getRequestBody().readNBytes(AddCheckpoint.MOST_BYTES + 1);
    if (body.length > AddCheckpoint.MOST_BYTES) {
      return new Reply(413, "expected %d bytes at most".formatted(AddCheckpoint.MOST_BYTES));
    }
    try {
      WitnessDecision decision = witness.decide(body);
      complain(decision, body);
      return of(decision);
    } catch (IOException e) {
      complaints.accept("nothing is cosigned: it cannot be made durable: " + e);
      return new Reply(500, "the witness cannot write to its disk");
    } catch (RuntimeException e) {
      complaints.accept("a request failed: " + e);
      return new Reply(500, "the witness failed");
    }
  }

  private static Reply of(WitnessDecision decision) {
    return switch (decision) {
      case WitnessDecision.Cosigned(var cosignature) -> new Reply(200, TEXT, cosignature.line());
      case WitnessDecision.AtAnotherSize(long size) -> conflict(size);
      case WitnessDecision.OtherRoot(long size) -> conflict(size);
      case WitnessDecision.Inconsistent(String reason) -> new Reply(422, reason);
      case WitnessDecision.UnknownLog _ -> new Reply(404, "not a log that this witness knows");
      case WitnessDecision.NotSigned _ -> new Reply(403, "not signed by a known key of that log");
      case WitnessDecision.Malformed(String reason) -> new Reply(400, reason);
    };
  }

  /// A proof can be wrong by mistake; two roots of one size are the log's own word against itself.
  private void complain(WitnessDecision decision, byte[] body) {
    String what =
        switch (decision) {
          case WitnessDecision.OtherRoot _ -> "another root than it was cosigned with";
          case WitnessDecision.Inconsistent _ -> "no proof that it continues what was cosigned";
          case WitnessDecision.Cosigned _,
              WitnessDecision.AtAnotherSize _,
              WitnessDecision.UnknownLog _,
              WitnessDecision.NotSigned _,
              WitnessDecision.Malformed _ ->
              "";
        };
    if (!what.isEmpty()) {
      String note = AddCheckpoint.parse(body).note();
      Checkpoint claimed = Checkpoint.claimedBy(note.getBytes(StandardCharsets.UTF_8));
      complaints.accept(
          "refused: log %s shows %s, at %d entries with root %s"
              .formatted(claimed.origin(), what, claimed.treeSize(), claimed.root()));
    }
  }

  private static Reply conflict(long size) {
    return new Reply(409, AddCheckpoint.SIZE_TYPE, size + "\n");
  }

  /// Answers what is under way, for a second at most, and ends.
  @Override
  public void close() {
    http.stop(1);
    threads.shutdownNow();
  }
}
