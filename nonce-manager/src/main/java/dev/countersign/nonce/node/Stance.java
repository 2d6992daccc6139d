package dev.countersign.nonce.node;

import dev.countersign.core.model.Digest32;
import java.util.Optional;

/// How what one endpoint said looks beside what a quorum said.
///
/// @param what it said against the quorum, for people
record Stance(Kind kind, String what) {

  enum Kind {
    /// The same, or what an endpoint says that is merely behind or ahead.
    FINE,
    /// Another thing, which may be a moment's difference of honest nodes.
    DIFFERS,
    /// Another thing, which is true on no node of this chain.
    CONTRADICTS
  }

  static final Stance FINE = new Stance(Kind.FINE, "");

  private static Stance differs(String question, Object own, Object agreed) {
    return new Stance(Kind.DIFFERS, said(question, own, agreed));
  }

  /// For what is the same at any time on every node that has it.
  static Stance onFact(String question, Object own, Object agreed) {
    return own.equals(agreed) || own.equals(Optional.empty()) || agreed.equals(Optional.empty())
        ? FINE
        : new Stance(Kind.CONTRADICTS, said(question, own, agreed));
  }

  /// For a receipt: two blocks for one transaction are two chains, and what is succeeded in a block
  /// on one node is not reverted in it on another. To have none is to be behind, unless the
  /// endpoint itself has got past the block.
  ///
  /// @param ownHead the endpoint's newest block
  /// @param head the newest block of the quorum
  static Stance onReceipt(
      Digest32 transaction,
      Optional<Receipt> own,
      Optional<Receipt> agreed,
      long ownHead,
      long head) {
    String question = "receipt of " + transaction.hex();
    if (own.equals(agreed)) {
      return FINE;
    }
    if (own.isPresent() && agreed.isPresent()) {
      return onFact(question, own, agreed);
    }
    boolean isBehind = own.isEmpty() && ownHead <= agreed.map(Receipt::blockNumber).orElse(0L);
    boolean isAhead = own.isPresent() && own.get().blockNumber() > head;
    return isBehind || isAhead ? FINE : differs(question, own, agreed);
  }

  /// For a number that grows with blocks.
  static Stance onCount(String question, long own, long agreed, long ownHead, long head) {
    boolean isBehind = own <= agreed && ownHead < head;
    boolean isAhead = own >= agreed && ownHead > head;
    return own == agreed || isBehind || isAhead ? FINE : differs(question, own, agreed);
  }

  private static String said(String question, Object own, Object agreed) {
    return NodeText.shown(
        "%s: says %s, a quorum says %s".formatted(question, shown(own), shown(agreed)));
  }

  private static String shown(Object said) {
    return switch (said) {
      case Optional<?> optional -> optional.map(Stance::shown).orElse("none");
      case Receipt receipt ->
          "%s in block %d, %s"
              .formatted(
                  receipt.succeeded() ? "succeeded" : "reverted",
                  receipt.blockNumber(),
                  receipt.blockHash().hex());
      default -> String.valueOf(said);
    };
  }
}
