package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import dev.countersign.core.model.Bytes;
import java.nio.ByteBuffer;

/// Decodes ABI values only from the bytes that encoding them gives.
///
/// Contracts' decoders are more lenient than that: they follow offsets to wherever they lead, skip
/// what nothing points to, and the older ones cut the excess off a value. So of any other bytes two
/// readers could see two things, and one of the two might be the contract.
final class StrictAbi {
  private StrictAbi() {}

  /// @param what is being read, for the reason
  static Arguments decode(String what, TupleType<Tuple> types, Bytes encoded)
      throws OpaqueException {
    byte[] bytes = encoded.toArray();
    Tuple values;
    boolean same;
    try {
      values = types.decode(bytes);
      same =
          types.measureEncodedLength(values) == bytes.length
              && types.encode(values).equals(ByteBuffer.wrap(bytes));
    } catch (RuntimeException e) {
      // The decoder throws unchecked exceptions of several kinds on bytes that are not its types'.
      throw new OpaqueException(
          "%s: expected arguments of %s, got %d bytes that are not"
              .formatted(what, types.getCanonicalType(), bytes.length));
    }
    if (!same) {
      throw new OpaqueException(
          "%s: expected the one encoding of %s, got %d bytes that decode but encode differently"
              .formatted(what, types.getCanonicalType(), bytes.length));
    }
    return new Arguments(values);
  }
}
