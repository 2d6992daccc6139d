package dev.countersign.audit.witness;

import dev.countersign.audit.checkpoint.CanonicalBase64;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.core.model.Digest32;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What a log asks of a witness (C2SP tlog-witness, `add-checkpoint`): to cosign a checkpoint,
/// given that it continues the one that the witness cosigned last.
///
/// @param oldSize of that last one; 0 where there was none
/// @param proof the consistency proof from there (RFC 6962, section 2.1.2)
/// @param note the checkpoint, signed
public record AddCheckpoint(long oldSize, List<Digest32> proof, String note) {
  /// What comes after a witness's URL.
  public static final String PATH = "add-checkpoint";

  /// The media type of an answer that tells the size of the last checkpoint.
  public static final String SIZE_TYPE = "text/x.tlog.size";

  /// A note with 64 signatures of the largest known kind has 220 KiB.
  static final int MOST_BYTES = 256 * 1024;

  private static final String OLD = "old ";
  private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final int MOST_HASHES = 63;

  public AddCheckpoint {
    proof = List.copyOf(proof);
  }

  /// The body of the request.
  public String format() {
    StringBuilder text = new StringBuilder(OLD).append(oldSize).append('\n');
    proof.forEach(hash -> text.append(CanonicalBase64.encode(hash.bytes())).append('\n'));
    return text.append('\n').append(note).toString();
  }

  /// Reads the body of a request. The note in it is not looked at.
  ///
  /// @throws InvalidNoteException when it is none
  static AddCheckpoint parse(byte[] body) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidNoteException("the request is not text in UTF-8");
    }
    int blank = text.indexOf("\n\n");
    if (blank < 0) {
      throw new InvalidNoteException("the request has no empty line");
    }
    String[] lines = text.substring(0, blank).split("\n", -1);
    if (!lines[0].startsWith(OLD)) {
      throw new InvalidNoteException("the request does not begin with: old SIZE");
    }
    if (lines.length - 1 > MOST_HASHES) {
      throw new InvalidNoteException("the request has more than 63 hashes");
    }
    List<Digest32> proof = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      proof.add(hash(lines[i]));
    }
    return new AddCheckpoint(
        parseSize(lines[0].substring(OLD.length())), proof, text.substring(blank + 2));
  }

  /// @throws InvalidNoteException when it is no decimal from 0 on without leading zeroes
  static long parseSize(String text) {
    if (!SIZE.matcher(text).matches()) {
      throw new InvalidNoteException("not the size of a tree");
    }
    return Long.parseLong(text);
  }

  private static Digest32 hash(String line) {
    return CanonicalBase64.decode(line)
        .filter(bytes -> bytes.size() == Digest32.SIZE)
        .map(Digest32::new)
        .orElseThrow(() -> new InvalidNoteException("a line of the proof is not a hash in base64"));
  }
}
