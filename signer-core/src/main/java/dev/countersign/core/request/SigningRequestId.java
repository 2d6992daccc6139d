package dev.countersign.core.request;

import dev.countersign.core.model.InvalidValueException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// The name a request has everywhere inside Countersign; a UUID of version 7 (RFC 9562), so that
/// ids made later sort later.
public record SigningRequestId(UUID value) implements Comparable<SigningRequestId> {
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000000000000000L;

  public static SigningRequestId next(InstantSource clock, RandomGenerator random) {
    long high = (clock.millis() << 16) | VERSION_7 | (random.nextLong() & 0xfffL);
    long low = (random.nextLong() & 0x3fffffffffffffffL) | VARIANT;
    return new SigningRequestId(new UUID(high, low));
  }

  /// Below the id of every request that was received at `at` or later, by the clock that made the
  /// ids; for reading in their order.
  public static SigningRequestId before(Instant at) {
    return new SigningRequestId(new UUID(Math.max(0, at.toEpochMilli()) << 16, 0));
  }

  /// @throws InvalidValueException when it is not a UUID
  public static SigningRequestId parse(String text) {
    try {
      return new SigningRequestId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw InvalidValueException.of("signing request id", text, "a UUID");
    }
  }

  /// The order of the bytes, which is that of PostgreSQL's `uuid`.
  @Override
  public int compareTo(SigningRequestId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
