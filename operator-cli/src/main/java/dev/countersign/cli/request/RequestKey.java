package dev.countersign.cli.request;

import java.util.regex.Pattern;

/// One of a request's two names, told apart by their look.
final class RequestKey {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private RequestKey() {}

  /// {@return whether it is the id that Countersign gave the request, and not the client's own}
  static boolean isServersId(String name) {
    return UUID.matcher(name).matches();
  }
}
