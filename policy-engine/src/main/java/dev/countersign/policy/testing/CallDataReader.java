package dev.countersign.policy.testing;

import com.esaulpaugh.headlong.abi.ABIType;
import com.esaulpaugh.headlong.abi.ArrayType;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Position;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Encodes a function call as test files write it, by the Solidity contract ABI: the function's
/// signature under `call`, and what it is given under `arguments`. Where an argument is bytes, it
/// may be a call itself, so that what a Safe executes can be read.
final class CallDataReader {
  static final String CALL = "call";
  static final String ARGUMENTS = "arguments";
  private static final String SIGNATURE_FORM = "a signature such as approve(address,uint256)";
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,77})");

  private final AccountNames names;

  CallDataReader(AccountNames names) {
    this.names = names;
  }

  /// @param fields has `call` and, for a function with parameters, `arguments`
  /// @return nothing after noting why
  Optional<Bytes> read(Fields fields) {
    Optional<Scalar> signature = fields.requireText(CALL, SIGNATURE_FORM);
    Optional<YamlNode> written = fields.find(ARGUMENTS);
    if (signature.isEmpty()) {
      return Optional.empty();
    }
    try {
      Function function = Function.parse(signature.get().text());
      List<YamlNode> arguments =
          written.map(value -> items(value, fields.path(ARGUMENTS))).orElse(List.of());
      Tuple tuple =
          tuple(
              function.getInputs(),
              arguments,
              written.map(YamlNode::at).orElse(signature.get().at()),
              fields.path(ARGUMENTS),
              fields);
      return Optional.of(Bytes.of(function.encodeCall(tuple).array()));
    } catch (WrongArgument e) {
      if (!e.path.isEmpty()) {
        fields.problems().add(e.at, e.path, String.valueOf(e.getMessage()));
      }
    } catch (IllegalArgumentException e) {
      fields
          .problems()
          .add(
              signature.get().at(),
              fields.path(CALL),
              "expected %s with arguments that fit it: %s"
                  .formatted(SIGNATURE_FORM, e.getMessage()));
    }
    return Optional.empty();
  }

  private static List<YamlNode> items(YamlNode value, String path) {
    if (value instanceof Sequence sequence) {
      return sequence.items();
    }
    throw new WrongArgument(value, path, "expected a list, got " + value.kind());
  }

  private Tuple tuple(
      TupleType<?> type, List<YamlNode> arguments, Position at, String path, Fields fields) {
    if (arguments.size() != type.size()) {
      throw new WrongArgument(
          at,
          path,
          "expected %d values for %s, got %d"
              .formatted(type.size(), type.getCanonicalType(), arguments.size()));
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      values.add(value(type.get(i), arguments.get(i), path + "[" + i + "]", fields));
    }
    return Tuple.from(values.toArray());
  }

  private Object value(ABIType<?> type, YamlNode node, String path, Fields fields) {
    return switch (type.typeCode()) {
      case ABIType.TYPE_CODE_BOOLEAN -> bool(scalar(node, path, type), path);
      case ABIType.TYPE_CODE_INT -> number(node, path, type).intValueExact();
      case ABIType.TYPE_CODE_LONG -> number(node, path, type).longValueExact();
      case ABIType.TYPE_CODE_BIG_INTEGER -> number(node, path, type);
      case ABIType.TYPE_CODE_ADDRESS ->
          names
              .address(scalar(node, path, type), path, fields)
              .map(address -> com.esaulpaugh.headlong.abi.Address.wrap(address.checksummed()))
              .orElseThrow(() -> WrongArgument.toldAlready(node));
      case ABIType.TYPE_CODE_TUPLE ->
          tuple(type.asTupleType(), items(node, path), node.at(), path, fields);
      case ABIType.TYPE_CODE_ARRAY -> array(type.asArrayType(), node, path, fields);
      default -> throw new WrongArgument(node, path, type.getCanonicalType() + " is not taken");
    };
  }

  private Object array(ArrayType<?, ?, ?> type, YamlNode node, String path, Fields fields) {
    if (type.isString()) {
      return scalar(node, path, type).text();
    }
    if (type.getElementType().typeCode() == ABIType.TYPE_CODE_BYTE) {
      return bytes(type, node, path, fields);
    }
    List<YamlNode> items = items(node, path);
    Object array = Array.newInstance(type.getElementType().clazz(), items.size());
    for (int i = 0; i < items.size(); i++) {
      Array.set(array, i, value(type.getElementType(), items.get(i), path + "[" + i + "]", fields));
    }
    return array;
  }

  private byte[] bytes(ArrayType<?, ?, ?> type, YamlNode node, String path, Fields fields) {
    if (node instanceof Mapping mapping) {
      Fields inner = new Fields(mapping, path, fields.problems());
      inner.refuseOthersThan(List.of(CALL, ARGUMENTS));
      return read(inner).orElseThrow(() -> WrongArgument.toldAlready(node)).toArray();
    }
    Scalar text = scalar(node, path, type);
    try {
      return Bytes.fromHex(text.text()).toArray();
    } catch (InvalidValueException e) {
      throw new WrongArgument(node, path, "expected " + e.expected() + ", got " + text.kind());
    }
  }

  private static boolean bool(Scalar text, String path) {
    return switch (text.text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new WrongArgument(text, path, "expected true or false, got " + text.kind());
    };
  }

  private static BigInteger number(YamlNode node, String path, ABIType<?> type) {
    Scalar text = scalar(node, path, type);
    if (!NUMBER.matcher(text.text()).matches()) {
      throw new WrongArgument(
          node,
          path,
          "expected a whole number for %s, got %s".formatted(type.getCanonicalType(), text.kind()));
    }
    BigInteger number = new BigInteger(text.text());
    boolean fits =
        switch (type.typeCode()) {
          case ABIType.TYPE_CODE_INT -> number.bitLength() < Integer.SIZE;
          case ABIType.TYPE_CODE_LONG -> number.bitLength() < Long.SIZE;
          default -> true;
        };
    if (!fits) {
      throw new WrongArgument(
          node, path, "%s is too large for %s".formatted(number, type.getCanonicalType()));
    }
    return number;
  }

  private static Scalar scalar(YamlNode node, String path, ABIType<?> type) {
    if (node instanceof Scalar scalar) {
      return scalar;
    }
    throw new WrongArgument(
        node,
        path,
        "expected one value for %s, got %s".formatted(type.getCanonicalType(), node.kind()));
  }

  /// Ends the reading of one call; never leaves this class.
  private static final class WrongArgument extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Position at;
    private final transient String path;

    /// What is wrong is among the problems.
    static WrongArgument toldAlready(YamlNode node) {
      return new WrongArgument(node, "", "");
    }

    WrongArgument(YamlNode node, String path, String message) {
      this(node.at(), path, message);
    }

    WrongArgument(Position at, String path, String message) {
      super(message, null, false, false);
      this.at = at;
      this.path = path;
    }
  }
}
