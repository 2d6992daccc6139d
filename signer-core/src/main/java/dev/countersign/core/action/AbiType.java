package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.ABIType;
import com.esaulpaugh.headlong.abi.TupleType;
import com.esaulpaugh.headlong.abi.TypeFactory;
import dev.countersign.core.model.InvalidValueException;
import java.util.ArrayList;
import java.util.List;

/// The type of an argument, by the Solidity contract ABI.
///
/// @param name canonical, such as `uint256` or `(address,bytes)[]`
/// @param parts of a struct its members in order; of an array one, the type of all its elements
public record AbiType(Kind kind, String name, List<AbiType> parts) {

  /// What [AbiValue] a value of it is.
  public enum Kind {
    ADDRESS,
    NUMBER,
    FLAG,
    DATA,
    TEXT,
    ARRAY,
    STRUCT
  }

  public AbiType {
    parts = List.copyOf(parts);
  }

  /// @param name such as `uint256`
  /// @throws InvalidValueException when there is no such type
  public static AbiType parse(String name) {
    try {
      return of(TypeFactory.create(name));
    } catch (InvalidValueException e) {
      throw e;
    } catch (RuntimeException e) {
      // The parser throws unchecked exceptions of several kinds on what is no type.
      throw InvalidValueException.of("type", name, "a type that contracts use");
    }
  }

  static AbiType of(ABIType<?> type) {
    String name = type.getCanonicalType();
    return switch (type.typeCode()) {
      case ABIType.TYPE_CODE_ADDRESS -> new AbiType(Kind.ADDRESS, name, List.of());
      case ABIType.TYPE_CODE_BOOLEAN -> new AbiType(Kind.FLAG, name, List.of());
      case ABIType.TYPE_CODE_INT, ABIType.TYPE_CODE_LONG, ABIType.TYPE_CODE_BIG_INTEGER ->
          new AbiType(Kind.NUMBER, name, List.of());
      case ABIType.TYPE_CODE_TUPLE -> new AbiType(Kind.STRUCT, name, members(type.asTupleType()));
      case ABIType.TYPE_CODE_ARRAY -> {
        if (type.asArrayType().isString()) {
          yield new AbiType(Kind.TEXT, name, List.of());
        }
        ABIType<?> element = type.asArrayType().getElementType();
        yield element.typeCode() == ABIType.TYPE_CODE_BYTE
            ? new AbiType(Kind.DATA, name, List.of())
            : new AbiType(Kind.ARRAY, name, List.of(of(element)));
      }
      default -> throw InvalidValueException.of("type", name, "a type that contracts use");
    };
  }

  static List<AbiType> members(TupleType<?> tuple) {
    List<AbiType> members = new ArrayList<>(tuple.size());
    for (int i = 0; i < tuple.size(); i++) {
      members.add(of(tuple.get(i)));
    }
    return members;
  }
}
