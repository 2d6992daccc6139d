package dev.countersign.server.settings;

/// Where to listen.
///
/// @param host the address to bind to
/// @param port 0 takes a free one, which the log then names
public record ListenSettings(String host, int port) {
  private static final int MOST = 65_535;

  static ListenSettings read(Section section, int port) {
    return new ListenSettings(
        section.text("host", "127.0.0.1"), section.integer("port", port, 0, MOST));
  }
}
