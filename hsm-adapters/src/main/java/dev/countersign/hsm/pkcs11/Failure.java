package dev.countersign.hsm.pkcs11;

import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.hsm.pkcs11.ReturnValue.Remedy;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What went wrong with a token, whichever of the two bindings met it.
///
/// @param reason in words for the client; has no secrets
record Failure(Remedy remedy, Kind kind, String reason) {
  /// Not exported, so known by its name only. Its message starts with that of the return value.
  private static final String SUN_EXCEPTION = "sun.security.pkcs11.wrapper.PKCS11Exception";

  private static final Pattern RETURN_VALUE = Pattern.compile("CKR_[A-Z0-9_]+");

  static Failure of(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Optional<Failure> known = known(cause);
      if (known.isPresent()) {
        return known.get();
      }
    }
    // SunPKCS11 has no return value to show when it notices by itself that a token was taken out.
    return new Failure(Remedy.LOG_IN_AGAIN, Kind.UNAVAILABLE, thrown.toString());
  }

  private static Optional<Failure> known(Throwable cause) {
    if (cause instanceof KeyBackendException ours) {
      return Optional.of(new Failure(Remedy.NONE, ours.kind(), String.valueOf(ours.getMessage())));
    }
    if (cause instanceof CryptokiException cryptoki) {
      return Optional.of(of(ReturnValue.of(cryptoki.code()), String.valueOf(cause.getMessage())));
    }
    if (cause.getClass().getName().equals(SUN_EXCEPTION)) {
      String message = String.valueOf(cause.getMessage());
      Matcher name = RETURN_VALUE.matcher(message);
      return Optional.of(
          of(
              name.lookingAt() ? named(name.group()) : Optional.empty(),
              "the token gave " + message));
    }
    return Optional.empty();
  }

  private static Failure of(Optional<ReturnValue> value, String reason) {
    Remedy remedy = value.map(ReturnValue::remedy).orElse(Remedy.NONE);
    Kind kind =
        switch (remedy) {
          case NONE, LOG_IN_AGAIN, RESTART_LIBRARY -> Kind.UNAVAILABLE;
          case MEND_PIN, MEND_KEY -> Kind.BROKEN;
        };
    return new Failure(remedy, kind, reason);
  }

  private static Optional<ReturnValue> named(String name) {
    return Arrays.stream(ReturnValue.values()).filter(v -> v.name().equals(name)).findFirst();
  }
}
