package dev.countersign.audit.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.witness.GrowingLog.History;
import dev.countersign.audit.witness.ScriptedWitness.Says;
import dev.countersign.audit.witness.WitnessAnswer.Failed;
import dev.countersign.audit.witness.WitnessAnswer.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WitnessClientTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T18:41:00Z"));
  private static final GrowingLog LOG = GrowingLog.create();
  private static final CheckpointSigner KEY = GrowingLog.signer("witness.example/1");
  private static final WitnessKey NAME = Cosignature.keyOf(KEY);
  private static final History HISTORY = LOG.history(40, 40);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final List<String> complaints = new CopyOnWriteArrayList<>();
  @TempDir private Path directory;

  @AfterAll
  static void close() {
    HTTP.close();
  }

  private static WitnessAnswer bring(URI url, History history, int size, long known)
      throws InterruptedException {
    return new WitnessClient(HTTP, new WitnessEndpoint(NAME, url), Duration.ofSeconds(2), CLOCK)
        .bring(history.checkpoint(size), known, history::proof);
  }

  private static Kind fails(Function<String, Says> script)
      throws IOException, InterruptedException {
    try (ScriptedWitness witness = new ScriptedWitness(script)) {
      WitnessAnswer answer = bring(witness.url(), HISTORY, 17, 3);
      assertThat(answer).isInstanceOf(Failed.class);
      Failed failed = (Failed) answer;
      assertThat(failed.message()).startsWith("witness witness.example/1 at http://127.0.0.1:");
      return failed.kind();
    }
  }

  private static Says cosigned(CheckpointSigner key, int size, Instant at) {
    return new Says(200, "text/plain", Cosignature.sign(HISTORY.checkpoint(size), key, at).line());
  }

  @Test
  void bringsCheckpointsToARealWitnessFromWhereverItIs() throws IOException, InterruptedException {
    try (WitnessState state = WitnessState.open(directory);
        WitnessServer server = serve(state)) {
      URI url = URI.create("http://127.0.0.1:" + server.port() + "/");
      assertThat(bring(url, HISTORY, 3, 0)).isInstanceOf(WitnessAnswer.Cosigned.class);
      assertThat(bring(url, HISTORY, 3, 3)).isInstanceOf(WitnessAnswer.Cosigned.class);
      // It has another idea of what the witness knows.
      assertThat(bring(url, HISTORY, 17, 0)).isInstanceOf(WitnessAnswer.Cosigned.class);
      assertThat(bring(url, HISTORY, 20, 19)).isInstanceOf(WitnessAnswer.Cosigned.class);
      assertThat(bring(url, HISTORY, 30, 35)).isInstanceOf(WitnessAnswer.Cosigned.class);
      // The log was set back, and rewritten.
      assertThat(bring(url, HISTORY, 17, 17)).isEqualTo(new WitnessAnswer.Ahead(30));
      assertThat(bring(url, LOG.history(40, 29), 40, 30))
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.FORKED));
      assertThat(bring(url, LOG.history(40, 29), 30, 30))
          .isInstanceOfSatisfying(
              Failed.class,
              failed -> {
                assertThat(failed.kind()).isEqualTo(Kind.FORKED);
                assertThat(failed.message()).contains("another tree of 30 entries");
              });
      assertThat(complaints).hasSize(2);
      assertThat(complaints.get(0))
          .startsWith(
              "refused: log example.com/log shows no proof that it continues what was cosigned,"
                  + " at 40 entries with root ");
      assertThat(complaints.get(1)).contains("another root").contains("at 30 entries");
      GrowingLog otherKey = GrowingLog.create();
      assertThat(((Failed) bring(url, otherKey.history(40, 40), 40, 30)).kind())
          .isEqualTo(Kind.UNKNOWN_KEY);
      GrowingLog other = new GrowingLog(GrowingLog.signer("example.com/other"));
      assertThat(((Failed) bring(url, other.history(40, 40), 40, 30)).kind())
          .isEqualTo(Kind.UNKNOWN_LOG);
    }
  }

  private WitnessServer serve(WitnessState state) throws IOException {
    return WitnessServer.start(
        new Witness(KEY, List.of(LOG.signer().verifierKey()), state, CLOCK),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        complaints::add);
  }

  @Test
  void aServerAnswersNothingElse() throws IOException, InterruptedException {
    try (WitnessState state = WitnessState.open(directory);
        WitnessServer server = serve(state)) {
      String url = "http://127.0.0.1:" + server.port();
      assertThat(status(url + "/add-checkpoint", "GET", "")).isEqualTo(405);
      assertThat(status(url + "/", "GET", "")).isEqualTo(404);
      assertThat(status(url + "/add-checkpoint/", "POST", "old 0\n")).isEqualTo(404);
      assertThat(status(url + "/add-checkpoint", "POST", "old 0\n")).isEqualTo(400);
      assertThat(status(url + "/add-checkpoint", "POST", "x".repeat(300_000))).isEqualTo(413);
    }
  }

  private static int status(String url, String method, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(url))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void believesNoSignatureButAGoodOne() throws IOException, InterruptedException {
    Instant now = CLOCK.instant();
    assertThat(fails(_ -> cosigned(KEY, 18, now))).isEqualTo(Kind.BAD_SIGNATURE);
    assertThat(fails(_ -> cosigned(GrowingLog.signer(NAME.name()), 17, now)))
        .isEqualTo(Kind.OTHER_KEY);
    assertThat(fails(_ -> cosigned(KEY, 17, now.plus(Duration.ofHours(1)))))
        .isEqualTo(Kind.BAD_SIGNATURE);
    assertThat(fails(_ -> new Says(200, "text/plain", ""))).isEqualTo(Kind.OTHER_KEY);
    assertThat(fails(_ -> new Says(200, "text/plain", "— \n\u0000\n— a b c\n")))
        .isEqualTo(Kind.OTHER_KEY);
  }

  @Test
  void passesOverTheSignaturesOfOthers() throws IOException, InterruptedException {
    Instant now = CLOCK.instant();
    String others = cosigned(GrowingLog.signer("witness.example/2"), 17, now).body();
    String own = cosigned(KEY, 17, now).body();
    try (ScriptedWitness witness =
        new ScriptedWitness(_ -> new Says(200, "text/plain", others + own))) {
      assertThat(bring(witness.url(), HISTORY, 17, 3))
          .isInstanceOfSatisfying(
              WitnessAnswer.Cosigned.class,
              cosigned -> assertThat(cosigned.cosignature().line()).isEqualTo(own));
    }
  }

  @Test
  void doesNotGoInCirclesWithALiar() throws IOException, InterruptedException {
    assertThat(fails(_ -> conflict("3\n"))).isEqualTo(Kind.BAD_ANSWER);
    assertThat(fails(_ -> conflict("4"))).isEqualTo(Kind.BAD_ANSWER);
    assertThat(fails(_ -> conflict("-4\n"))).isEqualTo(Kind.BAD_ANSWER);
    assertThat(fails(_ -> conflict("99999999999999999999\n"))).isEqualTo(Kind.BAD_ANSWER);
    assertThat(fails(_ -> new Says(409, "text/plain", "4\n"))).isEqualTo(Kind.BAD_ANSWER);
    int[] size = {3};
    assertThat(fails(_ -> conflict(++size[0] + "\n"))).isEqualTo(Kind.BAD_ANSWER);
    assertThat(size[0]).isEqualTo(6);
    assertThat(fails(_ -> new Says(500, "text/plain", "no"))).isEqualTo(Kind.BAD_ANSWER);
    assertThat(fails(_ -> new Says(302, "text/plain", "there"))).isEqualTo(Kind.BAD_ANSWER);
  }

  private static Says conflict(String body) {
    return new Says(409, AddCheckpoint.SIZE_TYPE, body);
  }

  @Test
  void doesNotWaitForeverNorReadForever() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    assertThat(fails(_ -> new Says(200, "text/plain", "late", 20_000))).isEqualTo(Kind.UNREACHABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    assertThat(fails(_ -> new Says(200, "text/plain", "x".repeat(1 << 20))))
        .isEqualTo(Kind.UNREACHABLE);
    URI nobody;
    try (ScriptedWitness gone = new ScriptedWitness(_ -> conflict("0\n"))) {
      nobody = gone.url();
    }
    assertThat(((Failed) bring(nobody, HISTORY, 17, 3)).kind()).isEqualTo(Kind.UNREACHABLE);
  }

  @Test
  void showsNoControlCharactersOfAWitness() throws IOException, InterruptedException {
    try (ScriptedWitness witness =
        new ScriptedWitness(
            _ -> new Says(500, "text/plain", "\u001b[2Jgone\n" + "x".repeat(999)))) {
      Failed failed = (Failed) bring(witness.url(), HISTORY, 17, 3);
      assertThat(failed.message()).doesNotContain("\u001b").hasSizeLessThan(400);
    }
  }

  @Test
  void refusesUrlsThatAreNone() {
    for (String url : List.of("ftp://w", "w.example", "http:///x", "https://a@w/", "http://w/?q")) {
      assertThatThrownBy(() -> new WitnessEndpoint(NAME, URI.create(url)))
          .isInstanceOf(InvalidNoteException.class);
    }
  }
}
