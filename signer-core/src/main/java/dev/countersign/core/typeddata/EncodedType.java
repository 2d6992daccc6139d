package dev.countersign.core.typeddata;

import dev.countersign.core.model.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The type of a message as EIP-712 writes it (`encodeType`): the primary struct, then all it
/// refers to in alphabetical order, such as `Order(address maker,Asset asset)Asset(address token)`.
/// Two messages of the same encoded type have the same fields throughout.
public final class EncodedType {
  public static final String FORM =
      "a type as EIP-712 encodes it, such as Order(address maker,Asset asset)Asset(address token)";
  private static final Pattern STRUCT = Pattern.compile("([^(),]+)\\(([^()]*)\\)");
  private static final String EACH = "*";

  private final String text;
  private final String primaryType;
  private final Types types;

  private EncodedType(String text, String primaryType, Types types) {
    this.text = text;
    this.primaryType = primaryType;
    this.types = types;
  }

  /// @throws InvalidValueException when it is not what EIP-712 gives
  public static EncodedType parse(String text) {
    Map<String, Json> structs = new LinkedHashMap<>();
    Matcher struct = STRUCT.matcher(text);
    int end = 0;
    while (end < text.length() && struct.find(end) && struct.start() == end) {
      structs.put(struct.group(1), fields(struct.group(2)));
      end = struct.end();
    }
    if (end == text.length() && !structs.isEmpty()) {
      try {
        String primary = structs.keySet().iterator().next();
        Types types = Types.read(structs);
        if (types.encode(primary).equals(text)) {
          return new EncodedType(text, primary, types);
        }
      } catch (MalformedException e) {
        throw InvalidValueException.of("type", text, FORM + "; " + e.getMessage());
      }
    }
    throw InvalidValueException.of("type", text, FORM);
  }

  private static Json fields(String written) {
    if (written.isEmpty()) {
      return new Json.Items(List.of());
    }
    return new Json.Items(
        Arrays.stream(written.split(",", -1))
            .map(
                field -> {
                  int space = field.lastIndexOf(' ');
                  return (Json)
                      new Json.Members(
                          Map.of(
                              "type", new Json.Text(field.substring(0, Math.max(space, 0))),
                              "name", new Json.Text(field.substring(space + 1))));
                })
            .toList());
  }

  public String primaryType() {
    return primaryType;
  }

  /// A field within a message.
  ///
  /// @param path positions of members from the message inwards; nothing for each element of an
  /// array
  /// @param typeName as it is written; of a struct its name
  public record Found(List<OptionalInt> path, String typeName) {
    public Found {
      path = List.copyOf(path);
    }
  }

  /// @param place names of fields, and `*` for each element of an array, such as `assets.*.token`
  /// @throws InvalidValueException when there is no such field
  public Found find(String place) {
    List<OptionalInt> path = new ArrayList<>();
    FieldType type = new FieldType.Struct(primaryType);
    String typeName = primaryType;
    for (String step : place.split("\\.", -1)) {
      switch (type) {
        case FieldType.Struct(String struct) -> {
          List<Types.Field> fields = types.fields(struct);
          List<String> names = fields.stream().map(Types.Field::name).toList();
          int position = names.indexOf(step);
          if (position < 0) {
            throw InvalidValueException.of(
                "field", step, "a field of %s, one of %s".formatted(struct, names));
          }
          path.add(OptionalInt.of(position));
          type = fields.get(position).type();
          typeName = fields.get(position).typeName();
        }
        case FieldType.Array(FieldType item, _) -> {
          if (!step.equals(EACH)) {
            throw InvalidValueException.of("field", step, "* for each element of " + typeName);
          }
          path.add(OptionalInt.empty());
          type = item;
          typeName = typeName.substring(0, typeName.lastIndexOf('['));
        }
        default -> throw InvalidValueException.of("field", step, "nothing within " + typeName);
      }
    }
    if (type instanceof FieldType.Struct || type instanceof FieldType.Array) {
      throw InvalidValueException.of("field", place, "a place within " + typeName);
    }
    return new Found(path, typeName);
  }

  /// As EIP-712 writes it.
  @Override
  public String toString() {
    return text;
  }
}
