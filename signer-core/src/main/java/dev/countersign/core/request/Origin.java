package dev.countersign.core.request;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.IpAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// How a request came in. It is found out by the server and stored with the request, so that a
/// request that is judged again later is judged by what it was received with.
///
/// @param source the other end of the connection; nothing when that has no IP address
/// @param roles those of the client at that time
public record Origin(Credential credential, Optional<IpAddress> source, Set<String> roles) {
  private static final Pattern ROLE = Pattern.compile("[A-Z][A-Z0-9_]{0,62}");

  public Origin {
    roles.forEach(Origin::checkRole);
    roles = Set.copyOf(roles);
  }

  /// @throws InvalidValueException when it is another form
  public static String checkRole(String role) {
    if (!ROLE.matcher(role).matches()) {
      throw InvalidValueException.of("role", role, "the name of a role such as TRADER");
    }
    return role;
  }

  /// The roles in one line, sorted.
  public String roleText() {
    return String.join(",", new TreeSet<>(roles));
  }

  /// From what [#roleText] gave.
  public static Set<String> rolesOf(String text) {
    return text.isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(text.split(",", -1)));
  }
}
