package dev.countersign.server.grpc;

import dev.countersign.core.request.Refusal;
import dev.countersign.server.grpc.IncomingMarshaller.Incoming;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Reads messages up to [RequestBoundary#LARGEST], and says in words why it does not read another.
final class IncomingMarshaller<Q> implements Marshaller<Incoming<Q>> {
  private final Marshaller<Q> inner;

  private final int largest;

  /// @param largest message that is handled, in bytes
  IncomingMarshaller(Marshaller<Q> inner, int largest) {
    this.inner = inner;
    this.largest = largest;
  }

  /// A message as it came in.
  ///
  /// @param <Q> the type it should be of
  sealed interface Incoming<Q> {
    record Read<Q>(Q message) implements Incoming<Q> {}

    record Refused<Q>(Refusal refusal) implements Incoming<Q> {}
  }

  @Override
  public Incoming<Q> parse(InputStream stream) {
    try {
      int size = stream instanceof KnownLength ? stream.available() : Integer.MAX_VALUE;
      if (size > largest) {
        return refused(
            Refusal.Code.TOO_LARGE,
            "a message of %d bytes; at most %d are read".formatted(size, largest));
      }
      return new Incoming.Read<>(inner.parse(stream));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    } catch (RuntimeException e) {
      // Whatever the parser makes of it, it is not the message that the method takes.
      return refused(
          Refusal.Code.MALFORMED, "not the protocol buffer message that this method takes");
    }
  }

  @Override
  public InputStream stream(Incoming<Q> incoming) {
    return switch (incoming) {
      case Incoming.Read<Q> read -> inner.stream(read.message());
      case Incoming.Refused<Q> _ -> new ByteArrayInputStream(new byte[0]);
    };
  }

  private static <Q> Incoming<Q> refused(Refusal.Code code, String message) {
    return new Incoming.Refused<>(new Refusal(code, "", message));
  }
}
