package dev.countersign.cli.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.api.v1.Decision;
import dev.countersign.api.v1.Forecast;
import dev.countersign.api.v1.SignMessageRequest;
import dev.countersign.api.v1.SignMessageResponse;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SignTransactionResponse;
import dev.countersign.api.v1.SignTypedDataRequest;
import dev.countersign.api.v1.SignTypedDataResponse;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningServiceGrpc;
import dev.countersign.cli.testing.FakeServer;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The commands that ask for a signature, against a server that denies whatever it is asked.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubmissionTest {
  private static final String TO = "0x52908400098527886E0F7030069857D2E4169EE7";

  private final Denying signing = new Denying();
  private final FakeServer server;
  private final Path typedData;

  private static final class Denying extends SigningServiceGrpc.SigningServiceImplBase {
    final List<Object> asked = new CopyOnWriteArrayList<>();

    @Override
    public void signTransaction(
        SignTransactionRequest request, StreamObserver<SignTransactionResponse> answer) {
      asked.add(request);
      answer.onNext(
          SignTransactionResponse.newBuilder()
              .setRequest(denied(request.getRequestId(), request.getWallet(), request.getChain()))
              .build());
      answer.onCompleted();
    }

    @Override
    public void signMessage(
        SignMessageRequest request, StreamObserver<SignMessageResponse> answer) {
      asked.add(request);
      var response = SignMessageResponse.newBuilder();
      if (request.getValidateOnly()) {
        response.setForecast(
            Forecast.newBuilder()
                .setAllowed(true)
                .setDecision(
                    Decision.newBuilder()
                        .setPolicyVersion(1)
                        .setPolicyHash("0x" + "00".repeat(32))
                        .setRule("logins")
                        .setReason("the desk logs in")));
      } else {
        response.setRequest(
            denied(request.getRequestId(), request.getWallet(), request.getChain()));
      }
      answer.onNext(response.build());
      answer.onCompleted();
    }

    @Override
    public void signTypedData(
        SignTypedDataRequest request, StreamObserver<SignTypedDataResponse> answer) {
      asked.add(request);
      answer.onNext(
          SignTypedDataResponse.newBuilder()
              .setRequest(denied(request.getRequestId(), request.getWallet(), request.getChain()))
              .build());
      answer.onCompleted();
    }

    private static SigningRequest denied(String name, String wallet, String chain) {
      return SigningRequest.newBuilder()
          .setId("018f2f2e-0000-7000-8000-000000000001")
          .setRequestId(name)
          .setWallet(wallet)
          .setChain(chain)
          .setState(SigningRequest.State.STATE_DENIED)
          .build();
    }
  }

  SubmissionTest(@TempDir Path home) throws IOException {
    server = new FakeServer(home, "trading-desk", signing);
    typedData = Files.writeString(home.resolve("order.json"), "{\"types\": {}}");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void eachOfThemHasTheSameOptionsAndShowsTheSameAnswer() {
    String[][] commands = {
      {"sign", "--to", TO, "--amount", "7"},
      {"sign-message", "--text", "log in"},
      {"sign-typed-data", typedData.toString()}
    };
    for (String[] command : commands) {
      var words = new CopyOnWriteArrayList<>(List.of("request"));
      words.addAll(List.of(command));
      words.addAll(List.of("--wallet", "hot-1", "--chain", "eip155:1", "--request-id", "order/1"));

      var said = server.run(words.toArray(String[]::new));

      assertThat(said.exitCode()).as("%s: %s", command[0], said.err()).isEqualTo(1);
      assertThat(said.out()).contains("DENIED", "hot-1 on eip155:1", "order/1");
    }
  }

  @Test
  void whatHasNoNameGetsANewOneEachTime() {
    for (int i = 0; i < 2; i++) {
      server.run("request", "sign-message", "--text", "x", "--wallet", "hot-1");
    }
    var last = signing.asked.subList(signing.asked.size() - 2, signing.asked.size());
    assertThat(last)
        .extracting(asked -> ((SignMessageRequest) asked).getRequestId())
        .allMatch(name -> name.startsWith("cli-"))
        .doesNotHaveDuplicates();
    assertThat(((SignMessageRequest) last.getFirst()).getChain()).isEqualTo("eip155:31337");
  }

  @Test
  void aDryRunSaysWhatPolicyWouldSay() {
    var said =
        server.run(
            "request", "sign-message", "--hex", "0xAB01", "--wallet", "w", "--validate-only");

    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("logins");
    assertThat(((SignMessageRequest) signing.asked.getLast()).getMessage().toByteArray())
        .containsExactly(0xab, 1);
  }

  @Test
  void whatIsNoHexIsSaidOfTheOptionThatHasIt() {
    assertThat(server.run("request", "sign-message", "--hex", "ab", "--wallet", "w").err())
        .contains("--hex ab: expected 0x and an even number of hex digits");
    assertThat(server.run("request", "sign", "--create", "0xabc", "--wallet", "w").err())
        .contains("--create 0xabc: expected 0x");
    var data = server.run("request", "sign", "--to", TO, "--data", "0xzz", "--wallet", "w");
    assertThat(data.exitCode()).isEqualTo(2);
    assertThat(data.err()).contains("--data 0xzz: expected 0x");
  }
}
