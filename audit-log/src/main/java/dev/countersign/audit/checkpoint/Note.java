package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A text with signature lines under it (C2SP signed-note). Reading one checks its form, and no
/// signature: see [#isSignedBy].
///
/// @param text ends in a line feed
record Note(String text, List<Line> signatures) {
  private static final String DASH = "\u2014 ";
  private static final int ID_SIZE = 4;
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_SIGNATURES = 64;

  Note {
    signatures = List.copyOf(signatures);
  }

  /// One signature line.
  ///
  /// @param keyId tells apart keys of one name, and is not to be trusted for more
  record Line(String name, int keyId, Bytes signature) {
    String text() {
      byte[] value =
          ByteBuffer.allocate(ID_SIZE + signature.size())
              .putInt(keyId)
              .put(signature.toArray())
              .array();
      return DASH + name + " " + CanonicalBase64.encode(Bytes.of(value)) + "\n";
    }
  }

  /// @throws InvalidNoteException when it is no signed note
  static Note parse(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw InvalidNoteException.of("a note", "1 MiB at most", bytes.length + " bytes");
    }
    String all = decode(bytes);
    if (all.chars().anyMatch(c -> c < ' ' && c != '\n')) {
      throw new InvalidNoteException("a note has no control characters but line feeds");
    }
    int blank = all.lastIndexOf("\n\n");
    if (blank < 0 || !all.endsWith("\n") || blank + 2 == all.length()) {
      throw new InvalidNoteException(
          "a note is a text, an empty line, and signature lines that end in a line feed");
    }
    List<Line> lines = new ArrayList<>();
    for (String line : all.substring(blank + 2, all.length() - 1).split("\n", -1)) {
      lines.add(parseLine(line));
    }
    if (lines.size() > MOST_SIGNATURES) {
      throw InvalidNoteException.of(
          "a note", MOST_SIGNATURES + " signatures at most", lines.size() + " signatures");
    }
    return new Note(all.substring(0, blank + 1), lines);
  }

  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidNoteException("a note is text in UTF-8, and this is not");
    }
  }

  /// @param line without its line feed
  static Line parseLine(String line) {
    String[] parts = line.startsWith(DASH) ? line.substring(DASH.length()).split(" ", -1) : null;
    if (parts == null || parts.length != 2 || parts[0].isEmpty() || parts[0].contains("+")) {
      throw InvalidNoteException.of("a signature line", DASH + "name base64", line);
    }
    Bytes value =
        CanonicalBase64.decode(parts[1])
            .filter(bytes -> bytes.size() > ID_SIZE)
            .orElseThrow(
                () ->
                    InvalidNoteException.of(
                        "a signature", "base64 of a key id and a signature", parts[1]));
    return new Line(
        parts[0], ByteBuffer.wrap(value.toArray()).getInt(), value.slice(ID_SIZE, value.size()));
  }

  /// Whether the note carries a good signature of `key`. A bad one under the name and id of `key`
  /// spoils the note, whatever else it carries.
  boolean isSignedBy(VerifierKey key) {
    byte[] message = text.getBytes(StandardCharsets.UTF_8);
    List<Line> own =
        signatures.stream()
            .filter(line -> line.name().equals(key.name()) && line.keyId() == key.id())
            .toList();
    return !own.isEmpty()
        && own.stream().allMatch(line -> key.verifies(message, line.signature().toArray()));
  }

  String format() {
    StringBuilder all = new StringBuilder(text).append('\n');
    signatures.forEach(line -> all.append(line.text()));
    return all.toString();
  }
}
