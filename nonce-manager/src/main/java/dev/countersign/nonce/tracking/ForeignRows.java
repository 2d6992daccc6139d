package dev.countersign.nonce.tracking;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// What foreign use is read from and written to.
final class ForeignRows {
  private static final String CHAIN = "chain";

  private ForeignRows() {}

  /// The lowest nonce of each lane that nobody owns; lanes are left out that are paused for foreign
  /// use already.
  static Map<Address, Nonce> lowestUnowned(Handle handle, ChainId chain) {
    return handle
        .createQuery(
            """
            SELECT address,
              coalesce((SELECT min(one) FROM unnest(free) AS one), next_nonce) AS lowest
            FROM nonce.lane WHERE chain = :chain AND paused IS DISTINCT FROM 'FOREIGN_USE'
            """)
        .bind(CHAIN, chain.caip2())
        .map(
            (row, context) ->
                Map.entry(new Address(row.getString("address")), new Nonce(row.getLong("lowest"))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// [#lowestUnowned] of one lane, locked until the transaction ends.
  static Optional<Nonce> lockLowest(Handle handle, ChainId chain, Address address) {
    return handle
        .createQuery(
            """
            SELECT coalesce((SELECT min(one) FROM unnest(free) AS one), next_nonce)
            FROM nonce.lane WHERE chain = :chain AND address = :address FOR UPDATE
            """)
        .bind(CHAIN, chain.caip2())
        .bind("address", address.hex())
        .mapTo(Long.class)
        .findOne()
        .map(Nonce::new);
  }

  /// Ends a nonce that is lost to somebody else's transaction. It is not sent again.
  ///
  /// @return whether it was open
  static boolean end(Handle handle, SigningRequestId request, Instant now) {
    return handle
            .createUpdate(
                """
                UPDATE nonce.transaction
                SET state = 'FOREIGN', final_at = :now, block_number = NULL, block_hash = NULL
                WHERE request_id = :request AND state IN ('SIGNED', 'BROADCAST')
                """)
            .bind("request", request.value())
            .bind("now", now)
            .execute()
        == 1;
  }
}
