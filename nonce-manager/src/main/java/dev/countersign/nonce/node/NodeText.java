package dev.countersign.nonce.node;

/// Text that comes from a node or a contract, made fit for a log line or a client.
public final class NodeText {
  private static final int SHOWN = 300;

  private NodeText() {}

  /// Without control and format characters, at most 300 characters long.
  public static String shown(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", " ").strip();
    return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "…";
  }
}
