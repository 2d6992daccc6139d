package dev.countersign.server.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.request.Credential;
import dev.countersign.core.request.Origin;
import dev.countersign.server.access.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a hostile caller may write into a body.
class RpcDispatchTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final List<String> done = new ArrayList<>();
  private final RpcDispatch dispatch = new RpcDispatch(this::call);

  private JsonNode call(RpcCallContext context, String method, Optional<JsonNode> parameters) {
    done.add(method + "@" + context.request().requestId());
    return JsonNodeFactory.instance.stringNode(
        method.equals("long") ? "x".repeat(20 << 20) : method);
  }

  private JsonNode answer(String body) {
    return answer(body, Role.TRADER).orElseThrow();
  }

  private Optional<JsonNode> answer(String body, Role role) {
    var caller =
        new RpcCaller(
            new ClientId("desk"),
            "bearer:test",
            new Origin(Credential.BEARER_TOKEN, Optional.empty(), Set.of(role.name())),
            Set.of(role));
    return dispatch
        .answer(
            new RpcDispatch.Call(caller, ChainId.ofEip155(1), Optional.of("key")),
            body.getBytes(StandardCharsets.UTF_8))
        .map(JSON::readTree);
  }

  private static int code(JsonNode answer) {
    assertThat(answer.has("result")).as("%s", answer).isFalse();
    return answer.path("error").path("code").intValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"method\":\"b\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"} {}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":NaN}",
        "{'jsonrpc':'2.0'}",
        "[",
      })
  void whatTwoReadersMightReadDifferentlyIsNotRead(String body) {
    assertThat(code(answer(body))).isEqualTo(-32700);
    assertThat(done).isEmpty();
  }

  @Test
  void whatIsNestedDeepOrHasNumbersWithoutEndIsNotRead() {
    String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":%s}";
    assertThat(code(answer(call.formatted("[".repeat(70) + "]".repeat(70))))).isEqualTo(-32700);
    assertThat(code(answer("[".repeat(100_000)))).isEqualTo(-32700);
    assertThat(code(answer(call.formatted("[" + "9".repeat(100) + "]")))).isEqualTo(-32700);
    assertThat(answer(call.formatted("[1e999999999]")).has("result")).isTrue();
    assertThat(done).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "\"a\"",
        "null",
        "{}",
        "[]",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"a\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"a\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"a\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"a\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":[\"a\"]}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"auth\":\"b\"}",
      })
  void whatIsNoCallIsNotDone(String body) {
    assertThat(code(answer(body))).isEqualTo(-32600);
    assertThat(done).isEmpty();
  }

  @Test
  void aBatchWithinABatchIsNoCall() {
    JsonNode answers =
        answer("[[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"}]," + call(2, "b") + "]");
    assertThat(answers).hasSize(2);
    assertThat(code(answers.get(0))).isEqualTo(-32600);
    assertThat(answers.get(1).path("result").stringValue()).isEqualTo("b");
    assertThat(done).as("what is no call has no name").containsExactly("b@key");
  }

  /// A library puts reads into the same batch, and leaves them out when it calls again.
  @Test
  void theNameOfARequestGoesByTheRequestsBeforeItAlone() {
    answer(
        "[%s,%s,%s,%s]"
            .formatted(
                call(1, "eth_call"),
                call(2, "eth_sendTransaction"),
                call(3, "eth_blockNumber"),
                call(4, "personal_sign")));
    answer("[%s,%s]".formatted(call(5, "eth_sendTransaction"), call(6, "personal_sign")));
    assertThat(done)
        .filteredOn(one -> one.startsWith("eth_send"))
        .containsExactly("eth_sendTransaction@key", "eth_sendTransaction@key");
    assertThat(done)
        .filteredOn(one -> one.startsWith("personal"))
        .containsExactly("personal_sign@key.1", "personal_sign@key.1");
  }

  @Test
  void aBatchHasAHundredCallsAtMost() {
    assertThat(answer(batch(100))).hasSize(100);
    done.clear();
    assertThat(code(answer(batch(101)))).isEqualTo(-32600);
    assertThat(done).isEmpty();
  }

  @Test
  void aBatchWhoseAnswersGrowTooLongIsCutShortBeforeWhatIsLeftIsDone() {
    JsonNode answers =
        answer("[%s,%s,%s]".formatted(call(1, "long"), call(2, "long"), call(3, "send")));
    assertThat(answers).hasSize(3);
    assertThat(code(answers.get(2))).isEqualTo(-32005);
    assertThat(answers.get(2).path("id").intValue()).isEqualTo(3);
    assertThat(done).containsExactly("long@key", "long@key");
  }

  /// Under the name of the batch it would be the first one of it.
  @Test
  void whatABatchHasNotDoneIsDoneAloneUnderItsOwnName() {
    JsonNode answers =
        answer(
            "[%s,%s,%s,%s]"
                .formatted(
                    call(1, "eth_sendTransaction"),
                    call(2, "long"),
                    call(3, "long"),
                    call(4, "eth_sendTransaction")));
    JsonNode left = answers.path(3);
    assertThat(code(left)).isEqualTo(-32005);
    assertThat(left.path("error").path("message").stringValue())
        .endsWith("ask for it alone, with Idempotency-Key key.1");
    assertThat(done).containsExactly("eth_sendTransaction@key", "long@key.1", "long@key.1");
  }

  @Test
  void aNotificationIsDoneAndNotAnswered() {
    assertThat(answer("{\"jsonrpc\":\"2.0\",\"method\":\"a\"}", Role.TRADER)).isEmpty();
    assertThat(answer("[{\"jsonrpc\":\"2.0\",\"method\":\"a\"}]", Role.TRADER)).isEmpty();
    assertThat(done).hasSize(2);
  }

  @Test
  void whoIsNoTraderMayDoNothing() {
    for (Role role : Role.values()) {
      if (role != Role.TRADER) {
        assertThat(code(answer(call(1, "a"), role).orElseThrow())).as("%s", role).isEqualTo(4100);
      }
    }
    assertThat(done).isEmpty();
  }

  private static String batch(int calls) {
    return IntStream.range(0, calls)
        .mapToObj(id -> call(id, "a"))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String call(int id, String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\"}".formatted(id, method);
  }
}
