package dev.countersign.nonce.lane;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Nonce;
import dev.countersign.nonce.node.Agreement;
import dev.countersign.nonce.node.BlockHead;
import dev.countersign.nonce.node.NodePool;
import java.util.List;
import java.util.Optional;

/// How many transactions of an account are mined, whoever signed them; exact, by a quorum.
///
/// @param inFinalBlocks in final blocks
/// @param atHead up to the newest block
record MinedSoFar(Nonce inFinalBlocks, Nonce atHead) {

  /// `Split` where the nodes do not agree.
  ///
  /// @throws dev.countersign.nonce.node.NodeUnavailableException when too few nodes answer
  static Agreement<MinedSoFar> of(NodePool node, Address account) {
    BlockHead head = node.quorum().head();
    List<Address> one = List.of(account);
    return both(
        node.finality().minedCounts(head, one).getFirst(),
        node.quorum().minedCountsAt(head, one).getFirst());
  }

  private static Agreement<MinedSoFar> both(Agreement<Long> inFinalBlocks, Agreement<Long> atHead) {
    return switch (inFinalBlocks) {
      case Agreement.Split<Long>(String detail) -> new Agreement.Split<>(detail);
      case Agreement.Agreed<Long>(Long settled) ->
          switch (atHead) {
            case Agreement.Split<Long>(String detail) -> new Agreement.Split<>(detail);
            case Agreement.Agreed<Long>(Long newest) ->
                new Agreement.Agreed<>(new MinedSoFar(new Nonce(settled), new Nonce(newest)));
          };
    };
  }

  /// Why a lane can not go on as `state` yet: a nonce that nobody owns here is mined, in a block
  /// that is not final. If it is given out now, it is lost when that block stays; if it is left
  /// out, it is a gap for ever when a reorganisation takes that block back.
  Optional<String> unsettled(LaneState state) {
    return state.lowest().compareTo(atHead) < 0
        ? Optional.of(
            "nonce %s was used by a transaction that was not signed here, in a block that is not final yet; try again when it is"
                .formatted(state.lowest()))
        : Optional.empty();
  }
}
