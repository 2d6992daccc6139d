package dev.countersign.server.jsonrpc;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The parameters of a call, by position. What is not as it should be ends the call with
/// [RpcError#INVALID_PARAMS].
final class Params {
  private static final Pattern QUANTITY = Pattern.compile("0x[0-9a-fA-F]{1,64}");

  private final String method;
  private final List<JsonNode> values;

  private Params(String method, List<JsonNode> values) {
    this.method = method;
    this.values = values;
  }

  /// @param params an array, or nothing
  static Params of(String method, Optional<JsonNode> params) {
    List<JsonNode> values = new ArrayList<>();
    params.ifPresent(
        node -> {
          if (!node.isArray()) {
            throw wrong(method + ": expected params to be an array");
          }
          node.forEach(values::add);
        });
    return new Params(method, List.copyOf(values));
  }

  List<JsonNode> all() {
    return values;
  }

  JsonNode at(int position, String what) {
    if (position >= values.size()) {
      throw wrong("%s: expected %s as parameter %d".formatted(method, what, position + 1));
    }
    return values.get(position);
  }

  String text(int position, String what) {
    JsonNode value = at(position, what);
    if (!value.isString()) {
      throw wrong("%s: expected %s as parameter %d".formatted(method, what, position + 1));
    }
    return value.stringValue();
  }

  Address address(int position) {
    return read("parameter " + (position + 1), text(position, "an address"), Address::parse);
  }

  Bytes bytes(int position, String what) {
    return read("parameter " + (position + 1), text(position, what), Bytes::fromHex);
  }

  /// A quantity of the execution API: `0x` and hex digits.
  static BigInteger quantity(String field, String text) {
    if (!QUANTITY.matcher(text).matches()) {
      throw wrong(field + ": expected 0x and 1 to 64 hex digits");
    }
    return new BigInteger(text.substring(2), 16);
  }

  static <T> T read(String field, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (InvalidValueException e) {
      throw wrong(field + ": expected " + e.expected());
    }
  }

  static RpcException wrong(String message) {
    return RpcError.of(RpcError.INVALID_PARAMS, message).thrown();
  }
}
