package dev.countersign.nonce.chain;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.OptionalInt;

/// Where a node of a chain answers JSON-RPC over HTTP.
///
/// @param url may carry an access key, so it is not for logs
/// @param batchSize the most calls it takes in one batch; nothing leaves that to the service
public record ChainEndpoint(URI url, OptionalInt batchSize) {

  private static final String EXPECTED = "expected an http or https URL with a host";

  public static ChainEndpoint of(URI url) {
    return new ChainEndpoint(url, OptionalInt.empty());
  }

  /// @throws IllegalArgumentException when it is no `http` or `https` URL with a host; the message
  /// does not repeat it, since it may hold a key
  public static ChainEndpoint parse(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          EXPECTED + ": " + e.getReason() + " at character " + e.getIndex());
    }
    if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
        || url.getHost() == null) {
      throw new IllegalArgumentException(EXPECTED);
    }
    return of(url);
  }

  /// Scheme, host and port alone.
  @Override
  public String toString() {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port;
  }
}
