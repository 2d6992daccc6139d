package dev.countersign.core.approval;

import dev.countersign.core.decision.Route;
import dev.countersign.core.model.InvalidValueException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// That what is approved goes to its chain by a private relay, as policy has it.
///
/// @param publicAfterBlocks after how many blocks without being mined it may go by the nodes, 1 or
///     more; never without
public record HiddenRoute(OptionalInt publicAfterBlocks) {
  private static final String PRIVATE = "private";
  private static final String PUBLIC = PRIVATE + " public-after ";
  private static final Pattern FORM = Pattern.compile(PUBLIC + "([1-9][0-9]{0,8})");

  /// @return nothing of what goes by the chain's nodes
  public static Optional<HiddenRoute> of(Route route) {
    return switch (route) {
      case Route.Public _ -> Optional.empty();
      case Route.Private(var _, OptionalInt after) -> Optional.of(new HiddenRoute(after));
    };
  }

  /// As statements write it: `private`, or `private public-after 25`.
  public String text() {
    return publicAfterBlocks.isPresent() ? PUBLIC + publicAfterBlocks.getAsInt() : PRIVATE;
  }

  /// Reads [#text].
  ///
  /// @throws InvalidValueException on anything else
  public static HiddenRoute parse(String text) {
    if (text.equals(PRIVATE)) {
      return new HiddenRoute(OptionalInt.empty());
    }
    Matcher after = FORM.matcher(text);
    if (!after.matches()) {
      throw InvalidValueException.of("route", text, PRIVATE + ", or " + PUBLIC + "BLOCKS");
    }
    return new HiddenRoute(OptionalInt.of(Integer.parseInt(after.group(1))));
  }

  /// For people.
  public String words() {
    return publicAfterBlocks.isPresent()
        ? "by a private relay, and publicly after %d blocks without being mined"
            .formatted(publicAfterBlocks.getAsInt())
        : "by a private relay alone";
  }
}
