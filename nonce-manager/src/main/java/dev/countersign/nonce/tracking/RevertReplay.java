package dev.countersign.nonce.tracking;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Receipt;
import dev.countersign.nonce.node.RevertReason;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import dev.countersign.nonce.tracking.TrackedRows.Judged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Why transactions have reverted. A receipt does not say it, so each is called again on the state
/// before its block: what came before it in that block is left out, and where that made it revert
/// nothing is found. One node's word, which nothing but people's reading depends on.
final class RevertReplay {
  private final UnitOfWork unitOfWork;
  private final NodePool node;

  RevertReplay(UnitOfWork unitOfWork, NodePool node) {
    this.unitOfWork = unitOfWork;
    this.node = node;
  }

  /// @return the reasons that are found, of those that have ended by a revert
  Map<SigningRequestId, String> of(List<Judged> judged) {
    List<SigningRequestId> reverted = new ArrayList<>();
    List<RpcCall> calls = new ArrayList<>();
    for (Judged one : judged) {
      if (one.verdict() instanceof Verdict.Ended(Receipt receipt) && !receipt.succeeded()) {
        replay(one.transaction(), receipt)
            .ifPresent(
                call -> {
                  reverted.add(one.transaction().request());
                  calls.add(call);
                });
      }
    }
    Map<SigningRequestId, String> reasons = new HashMap<>();
    List<RpcAnswer> answers = answers(calls);
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i) instanceof RpcAnswer.Failure failure) {
        SigningRequestId request = reverted.get(i);
        RevertReason.of(failure).ifPresent(reason -> reasons.put(request, reason));
      }
    }
    return reasons;
  }

  private Optional<RpcCall> replay(Tracked tracked, Receipt receipt) {
    Bytes signed =
        unitOfWork.inTransaction(
            transaction -> TrackedRows.signed(transaction.unwrap(Handle.class), tracked));
    return new SignedTransaction(signed)
        .read()
        .map(
            fields ->
                RpcCall.replay(
                    tracked.lane().address(), fields.transaction(), receipt.blockNumber() - 1));
  }

  /// Without a node there is no reason, and the revert stands all the same.
  private List<RpcAnswer> answers(List<RpcCall> calls) {
    try {
      return node.passOn(calls);
    } catch (NodeUnavailableException _) {
      return List.of();
    }
  }
}
