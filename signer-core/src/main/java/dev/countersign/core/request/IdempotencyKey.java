package dev.countersign.core.request;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.InvalidValueException;
import java.util.regex.Pattern;

/// The client's own name for a request (AIP-155): the same key with the same content is the same
/// request, with other content an error.
public record IdempotencyKey(ClientId client, String requestId)
    implements Comparable<IdempotencyKey> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._:/-]{1,128}");

  public IdempotencyKey {
    if (!FORM.matcher(requestId).matches()) {
      throw InvalidValueException.of("request_id", requestId, "1 to 128 of A-Z a-z 0-9 . _ : / -");
    }
  }

  @Override
  public int compareTo(IdempotencyKey other) {
    int byClient = client.compareTo(other.client);
    return byClient != 0 ? byClient : requestId.compareTo(other.requestId);
  }
}
