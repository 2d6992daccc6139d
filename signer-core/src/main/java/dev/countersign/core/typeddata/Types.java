package dev.countersign.core.typeddata;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The structs that a document declares.
final class Types {
  static final String DOMAIN = "EIP712Domain";

  private static final int MOST_STRUCTS = 256;

  /// A field: its name, its type as written, and its type.
  record Field(String name, String typeName, FieldType type) {}

  private final Map<String, List<Field>> structs;

  private Types(Map<String, List<Field>> structs) {
    this.structs = structs;
  }

  static Types read(Map<String, Json> declared) throws MalformedException {
    if (declared.size() > MOST_STRUCTS) {
      throw new MalformedException(
          "expected at most %d types, got %d".formatted(MOST_STRUCTS, declared.size()));
    }
    Map<String, List<Field>> structs = new LinkedHashMap<>();
    for (Map.Entry<String, Json> each : declared.entrySet()) {
      if (!TypeNames.mayNameAStruct(each.getKey())) {
        throw new MalformedException(
            "expected the name of a struct, got \"%s\"".formatted(Shown.of(each.getKey())));
      }
      structs.put(each.getKey(), fields(each.getKey(), each.getValue(), declared.keySet()));
    }
    return new Types(structs);
  }

  private static List<Field> fields(String struct, Json declared, Set<String> names)
      throws MalformedException {
    if (!(declared instanceof Json.Items(List<Json> items))) {
      throw new MalformedException(
          "type %s: expected a list of fields".formatted(Shown.of(struct)));
    }
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Json item : items) {
      Field field = field(struct, item, names);
      if (fields.put(field.name(), field) != null) {
        throw new MalformedException(
            "type %s: expected each field once, got %s twice"
                .formatted(Shown.of(struct), Shown.of(field.name())));
      }
    }
    return List.copyOf(fields.values());
  }

  private static Field field(String struct, Json declared, Set<String> names)
      throws MalformedException {
    if (declared instanceof Json.Members(Map<String, Json> members)
        && members.size() == 2
        && members.get("name") instanceof Json.Text(String name)
        && members.get("type") instanceof Json.Text(String type)
        && TypeNames.isIdentifier(name)) {
      return new Field(name, type, TypeNames.parse(type, names));
    }
    throw new MalformedException(
        "type %s: expected fields of name and type".formatted(Shown.of(struct)));
  }

  boolean has(String struct) {
    return structs.containsKey(struct);
  }

  /// Of a declared struct, in declared order.
  List<Field> fields(String struct) {
    return structs.getOrDefault(struct, List.of());
  }

  /// `encodeType` of EIP-712: the struct, then all it refers to in alphabetical order.
  String encode(String struct) {
    Set<String> others = new TreeSet<>();
    collect(struct, others);
    others.remove(struct);
    StringBuilder all = new StringBuilder(signature(struct));
    others.forEach(other -> all.append(signature(other)));
    return all.toString();
  }

  private void collect(String struct, Set<String> found) {
    if (found.add(struct)) {
      for (Field field : fields(struct)) {
        FieldType type = field.type();
        while (type instanceof FieldType.Array array) {
          type = array.item();
        }
        if (type instanceof FieldType.Struct(String name)) {
          collect(name, found);
        }
      }
    }
  }

  private String signature(String struct) {
    return fields(struct).stream()
        .map(field -> field.typeName() + " " + field.name())
        .collect(Collectors.joining(",", struct + "(", ")"));
  }
}
