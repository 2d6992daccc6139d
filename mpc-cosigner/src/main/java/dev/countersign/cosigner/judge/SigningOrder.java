package dev.countersign.cosigner.judge;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.wire.FieldReader;
import dev.countersign.cosigner.wire.FieldWriter;
import dev.countersign.cosigner.wire.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;

/// What a cosigner is asked to take part in signing: never a digest, but what the digest is worked
/// out from, and what shows that it was allowed. All of it is somebody's word until it is judged.
///
/// @param key whose signature it is to be
/// @param path of BIP-32 from the key to the wallet's, unhardened; the key itself if it is empty
/// @param request the request's payload: the very bytes whose hash is signed, before it is hashed
/// @param evidence the permit, approvals, policy and proofs, in whatever form the judge reads
public record SigningOrder(KeyId key, List<Integer> path, Bytes request, Bytes evidence) {
  public static final int LONGEST_PATH = 16;

  /// Blobs travel beside a transaction, never in what is hashed.
  public static final int LONGEST_REQUEST = 1 << 20;

  public static final int LONGEST_EVIDENCE = 1 << 22;
  private static final String FORM = "cosigner signing order";
  private static final int VERSION = 1;
  private static final int LONGEST_KEY = 63;

  public SigningOrder {
    path = List.copyOf(path);
    if (path.size() > LONGEST_PATH || path.stream().anyMatch(index -> index < 0)) {
      throw InvalidValueException.of(
          "path", path.toString(), "at most %d unhardened indices".formatted(LONGEST_PATH));
    }
    if (request.isEmpty() || request.size() > LONGEST_REQUEST) {
      throw InvalidValueException.of(
          "request", request.size() + " bytes", "1 to %d bytes".formatted(LONGEST_REQUEST));
    }
    if (evidence.size() > LONGEST_EVIDENCE) {
      throw InvalidValueException.of(
          "evidence", evidence.size() + " bytes", "at most %d bytes".formatted(LONGEST_EVIDENCE));
    }
  }

  public byte[] encode() {
    FieldWriter out = new FieldWriter(FORM, VERSION).text(key.value()).u8(path.size());
    path.forEach(out::u32);
    return out.bytes(request.toArray()).bytes(evidence.toArray()).finish();
  }

  /// @throws MalformedBytesException for what [#encode] does not write
  public static SigningOrder decode(byte[] bytes) throws MalformedBytesException {
    FieldReader in = new FieldReader(FORM, VERSION, bytes);
    String key = in.text(LONGEST_KEY);
    int length = in.u8();
    List<Integer> path = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      path.add(in.u32());
    }
    Bytes request = Bytes.of(in.bytes(LONGEST_REQUEST));
    Bytes evidence = Bytes.of(in.bytes(LONGEST_EVIDENCE));
    in.end();
    try {
      return new SigningOrder(new KeyId(key), path, request, evidence);
    } catch (InvalidValueException e) {
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }
}
