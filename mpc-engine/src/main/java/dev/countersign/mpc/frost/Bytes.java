package dev.countersign.mpc.frost;

import java.util.Arrays;

/// Arrays of bytes, one after the other.
final class Bytes {
  private Bytes() {}

  /// In one array of the right size: no copy is left behind of a part that is secret.
  static byte[] joined(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  static void wipe(byte[]... arrays) {
    for (byte[] array : arrays) {
      Arrays.fill(array, (byte) 0);
    }
  }
}
