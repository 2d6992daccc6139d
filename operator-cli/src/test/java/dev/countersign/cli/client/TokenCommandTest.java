package dev.countersign.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.AdminServiceGrpc;
import dev.countersign.api.v1.ClientToken;
import dev.countersign.api.v1.IssueClientTokenRequest;
import dev.countersign.api.v1.IssueClientTokenResponse;
import dev.countersign.api.v1.ListClientTokensRequest;
import dev.countersign.api.v1.ListClientTokensResponse;
import dev.countersign.api.v1.RevokeClientTokenRequest;
import dev.countersign.api.v1.RevokeClientTokenResponse;
import dev.countersign.cli.testing.FakeServer;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Against a server that has one token.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenCommandTest {
  private static final String ID = "3f1c8a52-7d2e-4b7a-9c0d-5a1e2b3c4d5e";
  private static final String SECRET = "cst_" + "ab".repeat(32);
  private static final ClientToken TOKEN =
      ClientToken.newBuilder()
          .setId(ID)
          .setClient("trading-desk")
          .setExpireTime(Timestamp.newBuilder().setSeconds(1_800_000_000))
          .build();

  private final Tokens tokens = new Tokens();
  private final FakeServer server;

  private static final class Tokens extends AdminServiceGrpc.AdminServiceImplBase {
    final List<IssueClientTokenRequest> asked = new CopyOnWriteArrayList<>();

    @Override
    public void issueClientToken(
        IssueClientTokenRequest request, StreamObserver<IssueClientTokenResponse> answer) {
      asked.add(request);
      answer.onNext(
          IssueClientTokenResponse.newBuilder().setToken(TOKEN).setSecret(SECRET).build());
      answer.onCompleted();
    }

    @Override
    public void revokeClientToken(
        RevokeClientTokenRequest request, StreamObserver<RevokeClientTokenResponse> answer) {
      if (!request.getId().equals(ID)) {
        answer.onError(
            Status.NOT_FOUND
                .withDescription("no token " + request.getId() + " lets anybody in")
                .asRuntimeException());
        return;
      }
      answer.onNext(RevokeClientTokenResponse.newBuilder().setToken(TOKEN).build());
      answer.onCompleted();
    }

    @Override
    public void listClientTokens(
        ListClientTokensRequest request, StreamObserver<ListClientTokensResponse> answer) {
      answer.onNext(ListClientTokensResponse.newBuilder().addTokens(TOKEN).build());
      answer.onCompleted();
    }
  }

  TokenCommandTest(@TempDir Path home) throws IOException {
    server = new FakeServer(home, "operator", tokens);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void printsTheSecretAloneOnStandardOutput() {
    var said = server.run("client", "token", "issue", "--client", "trading-desk", "--days", "7");

    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).isEqualToIgnoringNewLines(SECRET);
    assertThat(said.err())
        .contains("token " + ID + " of trading-desk, until 2027-01-15T08:00:00Z")
        .doesNotContain(SECRET);
    IssueClientTokenRequest asked = tokens.asked.getLast();
    assertThat(asked.getClient()).isEqualTo("trading-desk");
    assertThat(Instant.ofEpochSecond(asked.getExpireTime().getSeconds()))
        .isBetween(
            Instant.now().plusSeconds(7 * 86_400 - 60), Instant.now().plusSeconds(7 * 86_400 + 1));
  }

  @Test
  void aTokenIsGoodForThirtyDaysUnlessItIsSaidOtherwise() {
    assertThat(server.run("client", "token", "issue", "--client", "x").exitCode()).isZero();
    assertThat(tokens.asked.getLast().getExpireTime().getSeconds())
        .isCloseTo(Instant.now().getEpochSecond() + 30 * 86_400, within(60L));
  }

  @Test
  void aTokenHasToBeOfSomebody() {
    var said = server.run("client", "token", "issue");

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("--client");
  }

  @Test
  void listsWhatLetsInWithoutSecrets() {
    var said = server.run("client", "token", "list");

    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .containsExactly("TOKEN | CLIENT | UNTIL", ID + " | trading-desk | 2027-01-15T08:00:00Z");
  }

  @Test
  void saysWhatItRevoked() {
    var said = server.run("client", "token", "revoke", ID);

    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).isEqualToIgnoringNewLines("revoked token " + ID + " of trading-desk");
  }

  @Test
  void saysThatThereWasNothingToRevoke() {
    var said = server.run("client", "token", "revoke", "00000000-0000-0000-0000-000000000000");

    assertThat(said.exitCode()).isNotZero();
    assertThat(said.err()).contains("lets anybody in");
    assertThat(said.out()).isEmpty();
  }

  @Test
  void saysWhatThereIsToDo() {
    List<String> shown = new ArrayList<>();
    for (String[] words : new String[][] {{"client"}, {"client", "token"}}) {
      var said = FakeServer.Said.of(words);
      assertThat(said.exitCode()).isEqualTo(2);
      shown.add(said.err());
    }
    assertThat(shown.getFirst()).contains("name what to do: token");
    assertThat(shown.getLast()).contains("name what to do: issue, revoke or list");
  }
}
