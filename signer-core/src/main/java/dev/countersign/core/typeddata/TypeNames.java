package dev.countersign.core.typeddata;

import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The grammar of types in EIP-712. `int` and `uint` without a width are not part of it.
final class TypeNames {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]{0,99}");
  private static final Pattern ARRAY = Pattern.compile("(.+)\\[([1-9][0-9]{0,3})?]");
  private static final Pattern FIXED_BYTES = Pattern.compile("bytes([1-9]|[12][0-9]|3[0-2])");
  private static final Pattern WHOLE = Pattern.compile("(u?)int([1-9][0-9]{0,2})");

  /// Of Solidity, or too near to it for a struct to bear.
  private static final Pattern RESERVED =
      Pattern.compile("(u?int|bytes|u?fixed)[0-9x]*|address|bool|string|function");

  private static final int LONGEST = 200;

  private TypeNames() {}

  static boolean isIdentifier(String name) {
    return IDENTIFIER.matcher(name).matches();
  }

  static boolean mayNameAStruct(String name) {
    return isIdentifier(name) && !RESERVED.matcher(name).matches();
  }

  /// @param structs that are declared
  static FieldType parse(String name, Set<String> structs) throws MalformedException {
    if (name.length() > LONGEST) {
      throw new MalformedException(
          "expected a type of %d characters at most, got %d".formatted(LONGEST, name.length()));
    }
    Matcher array = ARRAY.matcher(name);
    if (array.matches()) {
      String length = array.group(2);
      return new FieldType.Array(
          parse(array.group(1), structs),
          length == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(length)));
    }
    if (structs.contains(name)) {
      return new FieldType.Struct(name);
    }
    return switch (name) {
      case "address" -> new FieldType.Plain(FieldType.Plain.Kind.ADDRESS);
      case "bool" -> new FieldType.Plain(FieldType.Plain.Kind.BOOL);
      case "string" -> new FieldType.Plain(FieldType.Plain.Kind.STRING);
      case "bytes" -> new FieldType.Plain(FieldType.Plain.Kind.BYTES);
      default -> sized(name);
    };
  }

  private static FieldType sized(String name) throws MalformedException {
    Matcher fixed = FIXED_BYTES.matcher(name);
    if (fixed.matches()) {
      return new FieldType.FixedBytes(Integer.parseInt(fixed.group(1)));
    }
    Matcher whole = WHOLE.matcher(name);
    if (whole.matches()) {
      int bits = Integer.parseInt(whole.group(2));
      if (bits <= 256 && bits % 8 == 0) {
        return new FieldType.Whole(whole.group(1).isEmpty(), bits);
      }
    }
    throw new MalformedException(
        "expected a type of EIP-712 or a declared struct, got \"%s\"".formatted(Shown.of(name)));
  }
}
