package dev.countersign.nonce.node;

import dev.countersign.core.model.Address;
import dev.countersign.nonce.chain.Finality;
import java.util.List;

/// What a quorum says of final blocks: those that no reorganisation takes back, by what the chain's
/// definition calls final.
public final class FinalReads {
  /// Nodes that are no archives keep the state of the last 128 blocks; some are a few ahead.
  private static final int KEPT = 120;

  private final QuorumReads quorum;
  private final Finality finality;

  FinalReads(QuorumReads quorum, Finality finality) {
    this.quorum = quorum;
    this.finality = finality;
  }

  /// The number of the newest final block; below zero where none is.
  ///
  /// @throws NoQuorumException when fewer than a quorum know of the block by whose tag the chain
  /// tells it
  public long newest(BlockHead head) {
    long deepest = finality.deepest(head.number());
    return finality.tag().map(tag -> Math.min(deepest, quorum.height(tag.text()))).orElse(deepest);
  }

  /// How many transactions of each account are mined in final blocks. Where the newest of them is
  /// older than what nodes keep of accounts, the oldest that they keep counts.
  ///
  /// @throws NoQuorumException when fewer than a quorum answer
  public List<Agreement<Long>> minedCounts(BlockHead head, List<Address> accounts) {
    long number = Math.max(newest(head), head.number() - KEPT);
    return quorum.minedCountsAt(new BlockHead(Math.max(0, number), head.hash()), accounts);
  }
}
