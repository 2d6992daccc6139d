package dev.countersign.core.port;

import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.util.List;

/// Every request that ever was, of all clients: for whoever looks back.
@FunctionalInterface
public interface RequestHistory {

  /// The oldest first, as they are now.
  ///
  /// @param after the last of the page before; those received later have greater ids
  /// @return fewer than `limit` when there are no more
  List<SigningRequest> page(SigningRequestId after, int limit);
}
