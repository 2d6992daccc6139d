package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.ABIType;
import com.esaulpaugh.headlong.abi.ArrayType;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import com.esaulpaugh.headlong.abi.UnitType;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.List;

/// From values of this project to those that headlong encodes.
final class Abi {
  private Abi() {}

  static Object value(ABIType<?> type, Object value) {
    return switch (value) {
      case Address address -> com.esaulpaugh.headlong.abi.Address.wrap(address.checksummed());
      case Bytes bytes -> bytes.toArray();
      case Wei wei -> wei.value();
      case Long number -> number(type, BigInteger.valueOf(number));
      case BigInteger number -> number(type, number);
      case List<?> list when type instanceof TupleType<?> tuple -> struct(tuple, list);
      case List<?> list -> array((ArrayType<?, ?, ?>) type, list);
      default -> value;
    };
  }

  private static Object number(ABIType<?> type, BigInteger number) {
    Class<?> wanted = ((UnitType<?>) type).clazz();
    if (wanted == Integer.class) {
      return number.intValueExact();
    }
    return wanted == Long.class ? (Object) number.longValueExact() : number;
  }

  private static Tuple struct(TupleType<?> type, List<?> fields) {
    Object[] theirs = new Object[fields.size()];
    for (int i = 0; i < theirs.length; i++) {
      theirs[i] = value(type.get(i), fields.get(i));
    }
    return Tuple.from(theirs);
  }

  private static Object array(ArrayType<?, ?, ?> type, List<?> items) {
    ABIType<?> item = type.getElementType();
    Object theirs = Array.newInstance(type.clazz().getComponentType(), items.size());
    for (int i = 0; i < items.size(); i++) {
      Array.set(theirs, i, value(item, items.get(i)));
    }
    return theirs;
  }
}
