package dev.countersign.nonce.lane;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle.Reason;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.Quantities;
import dev.countersign.nonce.node.RpcCall;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets lanes go on that were paused for want of funds, once their accounts can pay for all that is
/// in flight. It asks the nodes only where there is such a lane.
public final class LaneFunds {
  private static final Logger LOG = LoggerFactory.getLogger(LaneFunds.class);

  private final UnitOfWork unitOfWork;
  private final NodePool node;

  /// @param unitOfWork of the instance that follows the chain
  public LaneFunds(UnitOfWork unitOfWork, NodePool node) {
    this.unitOfWork = unitOfWork;
    this.node = node;
  }

  /// Looks at the paused lanes of the chain once. Who pays for a new transaction is judged again
  /// when it is admitted, so one node's word is enough here.
  public void look() {
    List<Lane> paused = unitOfWork.inTransaction(t -> paused(t.unwrap(Handle.class)));
    if (paused.isEmpty()) {
      return;
    }
    List<RpcCall> calls = new ArrayList<>();
    for (Lane lane : paused) {
      // The count first: what is mined in between is in flight and not in the balance.
      calls.add(RpcCall.minedCount(lane.address()));
      calls.add(RpcCall.balance(lane.address()));
    }
    var answers = node.results(calls);
    for (int i = 0; i < paused.size(); i++) {
      Account account =
          new Account(
              paused.get(i),
              new Wei(Quantities.read("balance", answers.get(2 * i + 1))),
              new Nonce(Quantities.readLong("mined count", answers.get(2 * i))));
      lift(account);
    }
  }

  private List<Lane> paused(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT chain, address FROM nonce.lane
            WHERE chain = :chain AND paused = 'INSUFFICIENT_FUNDS' ORDER BY address
            """)
        .bind("chain", node.chain().caip2())
        .map((row, context) -> LaneRows.lane(row))
        .list();
  }

  private void lift(Account account) {
    Lane lane = account.lane();
    boolean lifted =
        unitOfWork.inTransaction(
            transaction -> {
              Handle handle = transaction.unwrap(Handle.class);
              return InFlight.of(handle, Set.of(account)).leftOf(account, BigInteger.ZERO).signum()
                      >= 0
                  && LanePauses.lift(handle, lane, Reason.INSUFFICIENT_FUNDS);
            });
    if (lifted) {
      LOG.info(
          "chain {}: {} can pay for all that is in flight again: its lane goes on",
          lane.chain(),
          lane.address());
    }
  }
}
