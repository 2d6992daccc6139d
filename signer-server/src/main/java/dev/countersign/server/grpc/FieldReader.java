package dev.countersign.server.grpc;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.request.Refusal;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads fields of a message into domain values, and says which field is wrong when one is.
///
/// @param requestId the client's own id of what it asks, for the audit entry of a refusal
record FieldReader(String requestId) {

  /// @throws RefusedException with `code` and `field` when `value` is not what it should be
  <T> T read(String field, Refusal.Code code, String value, Function<String, T> parse) {
    if (value.isEmpty()) {
      throw refused(field, Refusal.Code.MALFORMED, field + " is required");
    }
    return check(field, code, () -> parse.apply(value));
  }

  /// [#read] for what is not made from one text.
  <T> T check(String field, Refusal.Code code, Supplier<T> make) {
    try {
      return make.get();
    } catch (InvalidValueException e) {
      throw refused(field, code, String.valueOf(e.getMessage()));
    }
  }

  RefusedException refused(String field, Refusal.Code code, String message) {
    return new RefusedException(new Refusal(code, field, message), requestId);
  }
}
