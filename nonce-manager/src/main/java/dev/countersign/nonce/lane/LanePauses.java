package dev.countersign.nonce.lane;

import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.LaneObstacle.Reason;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// Pauses lanes, and lets them go on. A paused lane gives no nonce and loses none.
public final class LanePauses {
  private static final String CHAIN = "chain";
  private static final String ADDRESS = "address";

  private LanePauses() {}

  /// Pauses a lane, unless it is paused already. Foreign use counts for more than a want of funds,
  /// which ends by itself.
  ///
  /// @return whether it was paused for this reason now
  public static boolean pause(Handle handle, Lane lane, LaneObstacle.Paused pause) {
    return handle
            .createUpdate(
                """
                UPDATE nonce.lane
                SET paused = :reason, paused_since = :since, paused_detail = :detail
                WHERE chain = :chain AND address = :address
                  AND (paused IS NULL OR (paused <> :reason AND :reason = 'FOREIGN_USE'))
                """)
            .bind(CHAIN, lane.chain().caip2())
            .bind(ADDRESS, lane.address().hex())
            .bind("reason", pause.reason().name())
            .bind("since", pause.since())
            .bind("detail", pause.detail())
            .execute()
        == 1;
  }

  /// Ends a pause, if it is for this reason still.
  static boolean lift(Handle handle, Lane lane, Reason reason) {
    return handle
            .createUpdate(
                """
                UPDATE nonce.lane SET paused = NULL, paused_since = NULL, paused_detail = NULL
                WHERE chain = :chain AND address = :address AND paused = :reason
                """)
            .bind(CHAIN, lane.chain().caip2())
            .bind(ADDRESS, lane.address().hex())
            .bind("reason", reason.name())
            .execute()
        == 1;
  }

  /// From now on until then one transaction at a time may be in flight.
  public static void single(Handle handle, Lane lane, Instant until) {
    handle
        .createUpdate(
            """
            UPDATE nonce.lane SET single_until = :until
            WHERE chain = :chain AND address = :address
              AND (single_until IS NULL OR single_until < :until)
            """)
        .bind(CHAIN, lane.chain().caip2())
        .bind(ADDRESS, lane.address().hex())
        .bind("until", until)
        .execute();
  }
}
