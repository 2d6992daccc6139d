package dev.countersign.audit.witness;

import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.witness.WitnessAnswer.Failed;
import dev.countersign.audit.witness.WitnessAnswer.Kind;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Brings checkpoints to one witness (C2SP tlog-witness). Believes nothing that it answers but a
/// good cosignature. Safe for concurrent use.
public final class WitnessClient {
  /// A witness that is asked for the third time about the size that it has just named is not
  /// telling.
  private static final int ATTEMPTS = 3;

  private static final int MOST_BYTES = 64 * 1024;
  private static final int SHOWN = 200;

  /// Clocks differ; a cosignature from further ahead is not from now.
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

  private final HttpClient http;
  private final WitnessEndpoint endpoint;
  private final Duration timeout;
  private final InstantSource clock;

  /// @param timeout for each whole answer
  public WitnessClient(
      HttpClient http, WitnessEndpoint endpoint, Duration timeout, InstantSource clock) {
    this.http = http;
    this.endpoint = endpoint;
    this.timeout = timeout;
    this.clock = clock;
  }

  /// The log's side of a consistency proof.
  @FunctionalInterface
  public interface Proofs {
    /// Proof that the tree of `from` entries is a prefix of that of `to` (RFC 6962, section 2.1.2).
    List<Digest32> between(long from, long to);
  }

  private record Answered(int status, String type, String body) {}

  /// Asks for a cosignature. When the witness knows the log at another size than we think, it says
  /// which, and is asked again from there.
  ///
  /// @param knownSize what it cosigned last, as far as we know; 0 when we do not
  public WitnessAnswer bring(SignedCheckpoint checkpoint, long knownSize, Proofs proofs)
      throws InterruptedException {
    long size = checkpoint.checkpoint().treeSize();
    long from = knownSize > size ? 0 : knownSize;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Digest32> proof = from == 0 || from == size ? List.of() : proofs.between(from, size);
      Answered answer;
      try {
        answer = ask(new AddCheckpoint(from, proof, checkpoint.note()));
      } catch (IOException e) {
        return failed(Kind.UNREACHABLE, told(e));
      }
      if (answer.status() != 409) {
        return judged(answer, checkpoint, from);
      }
      long last;
      try {
        last = lastSize(answer);
      } catch (InvalidNoteException e) {
        return failed(Kind.BAD_ANSWER, "409 without a size: " + shown(answer));
      }
      if (last > size) {
        return new WitnessAnswer.Ahead(last);
      }
      if (last == from) {
        return last == size
            ? failed(
                Kind.FORKED,
                "it has cosigned another tree of %d entries of this log".formatted(size))
            : failed(Kind.BAD_ANSWER, "409 with the size it was asked from: " + shown(answer));
      }
      from = last;
    }
    return failed(Kind.BAD_ANSWER, "it named another size each time it was asked");
  }

  private static long lastSize(Answered answer) {
    if (!answer.type().equals(AddCheckpoint.SIZE_TYPE) || !answer.body().endsWith("\n")) {
      throw new InvalidNoteException("not a size");
    }
    return AddCheckpoint.parseSize(answer.body().substring(0, answer.body().length() - 1));
  }

  private WitnessAnswer judged(Answered answer, SignedCheckpoint checkpoint, long from) {
    return switch (answer.status()) {
      case 200 -> cosigned(answer, checkpoint);
      case 404 -> failed(Kind.UNKNOWN_LOG, "it does not know this log; give it the log's key");
      case 403 -> failed(Kind.UNKNOWN_KEY, "it knows another key of this log; give it this one");
      case 422 ->
          failed(
              Kind.FORKED,
              "it refuses to cosign %d entries: the %d that it cosigned before are not among them: %s"
                  .formatted(checkpoint.checkpoint().treeSize(), from, shown(answer)));
      default -> failed(Kind.BAD_ANSWER, "%d: %s".formatted(answer.status(), shown(answer)));
    };
  }

  /// Other lines may be of other witnesses, or of other keys of this one: they are passed over.
  private WitnessAnswer cosigned(Answered answer, SignedCheckpoint checkpoint) {
    WitnessKey key = endpoint.key();
    Optional<Cosignature> good =
        answer
            .body()
            .lines()
            .limit(64)
            .flatMap(line -> Cosignature.check(line, checkpoint, key).stream())
            .findFirst();
    if (good.isPresent()) {
      return good.get().at().isAfter(clock.instant().plus(CLOCK_SKEW))
          ? failed(Kind.BAD_SIGNATURE, "its cosignature is from the future: " + good.get().at())
          : new WitnessAnswer.Cosigned(good.get());
    }
    boolean named = answer.body().lines().anyMatch(line -> Cosignature.isNamed(line, key));
    return named
        ? failed(Kind.BAD_SIGNATURE, "its cosignature is wrong: " + shown(answer))
        : failed(
            Kind.OTHER_KEY,
            "no cosignature of the key %s; if the witness has a new one, configure it; got: %s"
                .formatted(key, shown(answer)));
  }

  private Answered ask(AddCheckpoint request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> sent =
        http.sendAsync(
            HttpRequest.newBuilder(endpoint.addCheckpoint())
                .timeout(timeout)
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(request.format()))
                .build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      // The request's own timeout ends with the headers.
      HttpResponse<byte[]> response = sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answered(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          new String(response.body(), StandardCharsets.UTF_8));
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + timeout, e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      sent.cancel(true);
    }
  }

  private Failed failed(Kind kind, String what) {
    return new Failed(
        kind, "witness %s at %s: %s".formatted(endpoint.key().name(), endpoint.url(), what));
  }

  private static String told(IOException e) {
    return e instanceof ConnectException
        ? "nobody answers there"
        : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /// What a witness says is shown to people: short, and without what would move a cursor.
  private static String shown(Answered answer) {
    String text = answer.body().strip().replaceAll("\\p{C}", " ");
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
