package dev.countersign.core.typeddata;

import com.esaulpaugh.headlong.abi.ABIType;
import com.esaulpaugh.headlong.abi.TypeFactory;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Keccak;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `hashStruct` of EIP-712, over values that are checked already.
final class TypedDataHash {
  private static final byte[] PREFIX = {0x19, 0x01};
  private static final ABIType<com.esaulpaugh.headlong.abi.Address> ADDRESS =
      TypeFactory.create("address");
  private static final ABIType<Boolean> BOOL = TypeFactory.create("bool");

  /// One word is the same for every width.
  private static final ABIType<BigInteger> SIGNED = TypeFactory.create("int256");

  private static final ABIType<BigInteger> UNSIGNED = TypeFactory.create("uint256");

  private final Types types;
  private final Map<String, byte[]> typeHashes = new HashMap<>();

  TypedDataHash(Types types) {
    this.types = types;
  }

  Bytes preimage(TypedValue.Struct domain, TypedValue.Struct message) {
    ByteArrayOutputStream preimage = new ByteArrayOutputStream();
    preimage.writeBytes(PREFIX);
    preimage.writeBytes(struct(domain));
    preimage.writeBytes(struct(message));
    return Bytes.of(preimage.toByteArray());
  }

  private byte[] struct(TypedValue.Struct struct) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    encoded.writeBytes(typeHashes.computeIfAbsent(struct.type(), name -> text(types.encode(name))));
    return words(encoded, struct.values());
  }

  private byte[] words(ByteArrayOutputStream encoded, List<TypedValue> values) {
    values.forEach(value -> encoded.writeBytes(word(value)));
    return hash(encoded.toByteArray());
  }

  private byte[] word(TypedValue value) {
    return switch (value) {
      case TypedValue.Account(var address) ->
          ADDRESS.encode(com.esaulpaugh.headlong.abi.Address.wrap(address.checksummed())).array();
      case TypedValue.Flag(boolean flag) -> BOOL.encode(flag).array();
      case TypedValue.Whole(BigInteger number) ->
          (number.signum() < 0 ? SIGNED : UNSIGNED).encode(number).array();
      case TypedValue.FixedBytes(Bytes bytes) ->
          TypeFactory.<ABIType<byte[]>>create("bytes" + bytes.size())
              .encode(bytes.toArray())
              .array();
      case TypedValue.Text(String text) -> text(text);
      case TypedValue.Blob(Bytes bytes) -> hash(bytes.toArray());
      case TypedValue.Items(List<TypedValue> items) -> words(new ByteArrayOutputStream(), items);
      case TypedValue.Struct struct -> struct(struct);
    };
  }

  private static byte[] text(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] hash(byte[] input) {
    return Keccak.hash(input).bytes().toArray();
  }
}
