package dev.countersign.server.grpc;

import dev.countersign.core.model.InvalidValueException;
import java.util.regex.Pattern;

/// Page tokens that are numbers.
final class PageToken {
  private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,17}");

  private PageToken() {}

  static long read(String text) {
    if (!FORM.matcher(text).matches()) {
      throw InvalidValueException.of("page_token", text, "the next_page_token of the page before");
    }
    return Long.parseLong(text);
  }
}
