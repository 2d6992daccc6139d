package dev.countersign.server.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Where Ethereum's JSON-RPC is served; with the TLS files of `grpc`.
///
/// @param plain whether without TLS, which is for tools on the same machine alone
public record JsonRpcSettings(ListenSettings listen, boolean plain) {
  private static final int PORT = 7545;

  static JsonRpcSettings read(Section section) {
    JsonRpcSettings settings =
        new JsonRpcSettings(ListenSettings.read(section, PORT), section.flag("plain", false));
    if (settings.plain && !isLoopback(settings.listen.host())) {
      throw section.wrong(
          "plain",
          "expected false, as %s can be reached from elsewhere: without TLS anybody on the way reads"
                  .formatted(settings.listen.host())
              + " the tokens");
    }
    section.end();
    return settings;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
