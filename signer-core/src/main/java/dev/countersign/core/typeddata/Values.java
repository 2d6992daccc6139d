package dev.countersign.core.typeddata;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Checks values against the types that a document declares for them.
final class Values {
  private static final Pattern DECIMAL = Pattern.compile("0|-?[1-9][0-9]{0,77}");
  private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{1,64}");

  /// Above this, JSON numbers are rounded by the programs that hold them as floating point.
  private static final int EXACT_BITS = 53;

  private final Types types;

  Values(Types types) {
    this.types = types;
  }

  TypedValue.Struct struct(String where, String name, Json json) throws MalformedException {
    if (!(json instanceof Json.Members(Map<String, Json> members))) {
      throw wrong(where, "an object of type " + Shown.of(name));
    }
    List<Types.Field> fields = types.fields(name);
    List<TypedValue> values = new ArrayList<>(fields.size());
    for (Types.Field field : fields) {
      Json member = members.get(field.name());
      String place = where + "." + Shown.of(field.name());
      if (member == null) {
        throw wrong(place, Shown.of(field.typeName()) + ", which is missing");
      }
      values.add(value(place, field.type(), member));
    }
    if (members.size() != fields.size()) {
      throw wrong(
          where, "the %d members of type %s alone".formatted(fields.size(), Shown.of(name)));
    }
    return new TypedValue.Struct(name, values);
  }

  private TypedValue value(String where, FieldType type, Json json) throws MalformedException {
    return switch (type) {
      case FieldType.Plain(FieldType.Plain.Kind kind) -> plain(where, kind, json);
      case FieldType.FixedBytes(int size) -> {
        Bytes bytes = bytes(where, json);
        if (bytes.size() != size) {
          throw wrong(where, size + " bytes");
        }
        yield new TypedValue.FixedBytes(bytes);
      }
      case FieldType.Whole whole -> new TypedValue.Whole(whole(where, whole, json));
      case FieldType.Struct(String name) -> struct(where, name, json);
      case FieldType.Array array -> items(where, array, json);
    };
  }

  private TypedValue items(String where, FieldType.Array type, Json json)
      throws MalformedException {
    if (!(json instanceof Json.Items(List<Json> items))
        || (type.length().isPresent() && type.length().getAsInt() != items.size())) {
      throw wrong(where, "an array of its declared length");
    }
    List<TypedValue> values = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      values.add(value(where + "[" + i + "]", type.item(), items.get(i)));
    }
    return new TypedValue.Items(values);
  }

  private static TypedValue plain(String where, FieldType.Plain.Kind kind, Json json)
      throws MalformedException {
    return switch (kind) {
      case ADDRESS -> new TypedValue.Account(address(where, json));
      case BYTES -> new TypedValue.Blob(bytes(where, json));
      case BOOL -> {
        if (json instanceof Json.Flag(boolean value)) {
          yield new TypedValue.Flag(value);
        }
        throw wrong(where, "true or false");
      }
      case STRING -> {
        if (json instanceof Json.Text(String value)) {
          yield new TypedValue.Text(value);
        }
        throw wrong(where, "text");
      }
    };
  }

  private static Address address(String where, Json json) throws MalformedException {
    try {
      if (json instanceof Json.Text(String text)) {
        return Address.parse(text);
      }
    } catch (InvalidValueException e) {
      throw new MalformedException(where + ": " + e.getMessage());
    }
    throw wrong(where, "an address as text");
  }

  private static Bytes bytes(String where, Json json) throws MalformedException {
    try {
      if (json instanceof Json.Text(String text)) {
        return Bytes.fromHex(text);
      }
    } catch (InvalidValueException e) {
      throw new MalformedException(where + ": " + e.getMessage());
    }
    throw wrong(where, "0x and hex digits as text");
  }

  private static BigInteger whole(String where, FieldType.Whole type, Json json)
      throws MalformedException {
    BigInteger value = number(where, json);
    boolean fits =
        type.signed()
            ? value.bitLength() < type.bits()
            : value.signum() >= 0 && value.bitLength() <= type.bits();
    if (!fits) {
      throw wrong(where, "a number that fits " + (type.signed() ? "int" : "uint") + type.bits());
    }
    return value;
  }

  private static BigInteger number(String where, Json json) throws MalformedException {
    if (json instanceof Json.Whole(BigInteger value) && value.bitLength() <= EXACT_BITS) {
      return value;
    }
    if (json instanceof Json.Text(String text)) {
      if (DECIMAL.matcher(text).matches()) {
        return new BigInteger(text);
      }
      if (HEX.matcher(text).matches()) {
        return new BigInteger(text.substring(2), 16);
      }
    }
    throw wrong(where, "a whole number below 2^53, or decimal or 0x digits as text");
  }

  private static MalformedException wrong(String where, String expected) {
    return new MalformedException(where + ": expected " + expected);
  }
}
