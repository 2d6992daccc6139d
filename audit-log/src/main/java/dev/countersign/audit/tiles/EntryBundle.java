package dev.countersign.audit.tiles;

import dev.countersign.core.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// Neighbouring entries in one file, each behind its length as a big-endian `uint16`.
///
/// @param entries up to 256
/// @param strayBytes how many bytes at the end are no whole entry; 0 in a well-formed bundle
public record EntryBundle(List<Bytes> entries, int strayBytes) {
  /// The longest entry that the length has room for.
  public static final int LONGEST_ENTRY = 0xffff;

  private static final int LENGTH_SIZE = 2;

  public EntryBundle {
    entries = List.copyOf(entries);
  }

  /// Reads a bundle as far as it goes; anything can be read.
  public static EntryBundle parse(byte[] file) {
    List<Bytes> entries = new ArrayList<>();
    Bytes bytes = Bytes.of(file);
    int at = 0;
    while (at + LENGTH_SIZE <= file.length) {
      int length = (file[at] & 0xff) << 8 | (file[at + 1] & 0xff);
      int end = at + LENGTH_SIZE + length;
      if (end > file.length) {
        break;
      }
      entries.add(bytes.slice(at + LENGTH_SIZE, end));
      at = end;
    }
    return new EntryBundle(entries, file.length - at);
  }

  /// The first `count` entries alone, as the bundle was when the log was smaller; all of it when it
  /// is not that long.
  public EntryBundle prefix(int count) {
    return count >= entries.size() ? this : new EntryBundle(entries.subList(0, count), 0);
  }

  /// The file of these entries.
  ///
  /// @throws IllegalArgumentException when one is longer than 65,535 bytes
  public static byte[] format(List<Bytes> entries) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (Bytes entry : entries) {
      if (entry.size() > LONGEST_ENTRY) {
        throw new IllegalArgumentException("an entry has at most 65535 bytes, not " + entry.size());
      }
      file.write(entry.size() >> 8);
      file.write(entry.size());
      file.writeBytes(entry.toArray());
    }
    return file.toByteArray();
  }
}
