package dev.countersign.server.store;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;

/// `signer.request.message_kind`.
enum MessageKind {
  PERSONAL,
  TYPED_DATA;

  static MessageKind of(Intent.OfMessage message) {
    return switch (message) {
      case Intent.PersonalMessage _ -> PERSONAL;
      case Intent.TypedData _ -> TYPED_DATA;
    };
  }

  /// `signer.request.message`.
  static Bytes bytes(Intent.OfMessage message) {
    return switch (message) {
      case Intent.PersonalMessage(Bytes text) -> text;
      case Intent.TypedData(String json) -> Bytes.of(json.getBytes(StandardCharsets.UTF_8));
    };
  }
}
