package dev.countersign.server.jsonrpc;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.server.access.Role;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON-RPC 2.0: one call or a batch of them in, as many answers out.
final class RpcDispatch {
  static final int LARGEST_BATCH = 100;

  /// Once a batch has this much to answer, in bytes, nothing more of it is done.
  static final int LARGEST_ANSWER = 32 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(RpcDispatch.class);
  private static final String VERSION = "2.0";
  private static final int MOST_LEVELS = 64;
  private static final int MOST_DIGITS = 80;
  private static final int MOST_AT_ONCE = 1_024;
  private static final Set<String> KNOWN = Set.of("jsonrpc", "id", "method", "params");

  private final Methods methods;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final JsonMapper json =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MOST_LEVELS)
                          .maxNumberLength(MOST_DIGITS)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  RpcDispatch(Methods methods) {
    this.methods = methods;
  }

  /// What calls are for.
  @FunctionalInterface
  interface Methods {
    /// @throws RpcException with the error to answer
    JsonNode call(RpcCallContext call, String method, Optional<JsonNode> parameters);
  }

  /// Who calls, what for, and under which name.
  record Call(RpcCaller caller, ChainId chain, Optional<String> key) {}

  /// @param body UTF-8
  /// @return what to answer; nothing when all were notifications
  Optional<byte[]> answer(Call call, byte[] body) {
    JsonNode asked;
    try {
      asked = json.readTree(body);
    } catch (JacksonException e) {
      return Optional.of(bytes(error(null, RpcError.of(RpcError.PARSE, "the body is no JSON"))));
    }
    if (body.length > JsonRpcListener.LARGEST_BODY && !hasBlobs(asked)) {
      return Optional.of(
          bytes(
              error(
                  null,
                  RpcError.of(
                      RpcError.LIMIT,
                      "expected at most %d bytes, but for one %s with blobs"
                          .formatted(JsonRpcListener.LARGEST_BODY, Sending.METHOD)))));
    }
    if (asked.isArray()) {
      return batch(call, asked);
    }
    return one(call, asked, 0).map(this::bytes);
  }

  private static boolean hasBlobs(JsonNode asked) {
    return asked.path("method").asString("").equals(Sending.METHOD)
        && asked.path("params").path(0).path(AskedTransaction.BLOBS).isArray();
  }

  private Optional<byte[]> batch(Call call, JsonNode asked) {
    if (asked.isEmpty() || asked.size() > LARGEST_BATCH) {
      return Optional.of(
          bytes(
              error(
                  null,
                  RpcError.of(
                      RpcError.INVALID_REQUEST,
                      "a batch of %d calls, expected 1 to %d"
                          .formatted(asked.size(), LARGEST_BATCH)))));
    }
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    // Names go by these alone: libraries put other calls into the same batch, and next time not.
    int requests = 0;
    for (JsonNode each : asked) {
      Optional<ObjectNode> answer =
          answers.size() < LARGEST_ANSWER
              ? one(call, each, requests)
              : notDone(call, each, requests);
      if (RpcMethods.makesRequest(each.path("method").asString(""))) {
        requests++;
      }
      if (answer.isPresent()) {
        answers.write(answers.size() == 0 ? '[' : ',');
        answers.writeBytes(bytes(answer.get()));
      }
    }
    answers.write(']');
    return answers.size() == 1 ? Optional.empty() : Optional.of(answers.toByteArray());
  }

  /// Alone it would have the name of the first one of the batch: it is told its own.
  private static Optional<ObjectNode> notDone(Call call, JsonNode asked, int position) {
    JsonNode id = asked.get("id");
    String method = asked.path("method").asString("");
    String name =
        call.key().isPresent() && RpcMethods.makesRequest(method)
            ? ", with Idempotency-Key "
                + new RpcCallContext(call.caller(), call.chain(), call.key(), position)
                    .request()
                    .requestId()
            : "";
    return Optional.of(
        error(
            isId(id) ? id : null,
            RpcError.of(
                RpcError.LIMIT,
                "the calls before it have %d bytes of answers or more, and it was not done; ask for it alone%s"
                    .formatted(LARGEST_ANSWER, name))));
  }

  private static boolean isId(@Nullable JsonNode id) {
    return id == null || id.isNull() || id.isString() || id.isIntegralNumber();
  }

  private Optional<ObjectNode> one(Call call, JsonNode asked, int position) {
    JsonNode id = asked.get("id");
    boolean idIsRight = isId(id);
    JsonNode method = asked.get("method");
    JsonNode version = asked.get("jsonrpc");
    boolean isRight =
        asked.isObject()
            && idIsRight
            && method != null
            && method.isString()
            && version != null
            && version.isString()
            && version.stringValue().equals(VERSION)
            && asked.propertyNames().stream().allMatch(KNOWN::contains);
    if (!isRight) {
      return Optional.of(
          error(
              idIsRight ? id : null,
              RpcError.of(
                  RpcError.INVALID_REQUEST,
                  "expected an object of jsonrpc \"2.0\", id, method and params")));
    }
    ObjectNode answer = answer(call, asked, method.stringValue(), position);
    // A notification: it was done, and nobody waits.
    return id == null ? Optional.empty() : Optional.of(answer);
  }

  private ObjectNode answer(Call call, JsonNode asked, String method, int position) {
    JsonNode id = asked.get("id");
    if (!call.caller().roles().contains(Role.TRADER)) {
      return error(
          id,
          RpcError.of(
              RpcError.UNAUTHORIZED,
              "client %s has not the role TRADER".formatted(call.caller().id())));
    }
    if (!room.tryAcquire()) {
      return error(id, RpcError.of(RpcError.LIMIT, "too many calls at once; try again"));
    }
    try {
      JsonNode result =
          methods.call(
              new RpcCallContext(call.caller(), call.chain(), call.key(), position),
              method,
              Optional.ofNullable(asked.get("params")).filter(params -> !params.isNull()));
      ObjectNode answer = start(id);
      answer.set("result", result);
      return answer;
    } catch (RpcException e) {
      return error(id, e.error());
    } catch (StoreUnavailableException e) {
      LOG.warn("a call failed since the store is unavailable", e);
      return error(
          id,
          RpcError.of(
              RpcError.UNAVAILABLE,
              "the store is unavailable; nothing is known to have happened: call again with the"
                  + " same Idempotency-Key"));
    } catch (RuntimeException e) {
      String incident = UUID.randomUUID().toString();
      LOG.error("incident {} in {}", incident, method, e);
      return error(
          id,
          RpcError.of(
              RpcError.UNAVAILABLE, "a fault of the server; its log has incident " + incident));
    } finally {
      room.release();
    }
  }

  private static ObjectNode start(@Nullable JsonNode id) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", VERSION);
    answer.set("id", id == null ? JsonNodeFactory.instance.nullNode() : id);
    return answer;
  }

  static ObjectNode error(@Nullable JsonNode id, RpcError error) {
    ObjectNode answer = start(id);
    ObjectNode told =
        answer.putObject("error").put("code", error.code()).put("message", error.message());
    error.data().ifPresent(data -> told.set("data", data));
    return answer;
  }

  byte[] bytes(JsonNode node) {
    return json.writeValueAsBytes(node);
  }
}
