package dev.countersign.nonce.chain;

import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.TransactionType;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What is known of a chain besides how it is reached.
///
/// @param slip44 coin type of the native asset (SLIP-44), the reference of its CAIP-19 id; 1 on
/// test networks
/// @param blockTime between two blocks, usually
/// @param finality the block tags its nodes answer to in earnest
/// @param finalAt the one of them that a transaction must have been overtaken by to be final
/// @param inFlight how many transactions of one account its nodes keep that are not mined
/// @param transactionTypes those that may be sent there
/// @param testNetwork whether what moves there is worth nothing
/// @param fees what its fee strategies come to
/// @param blobProofs what its nodes want to have blobs proven by; nothing where no blobs are taken
public record ChainFacts(
    int slip44,
    Duration blockTime,
    Set<FinalityTag> finality,
    Optional<FinalityTag> finalAt,
    int inFlight,
    Set<TransactionType> transactionTypes,
    boolean testNetwork,
    FeeStrategies fees,
    Optional<BlobProofs> blobProofs) {

  static final int ETHER = 60;

  /// Of a chain whose definition says nothing of it: what holds for a network of geth nodes.
  static final ChainFacts UNSAID =
      new ChainFacts(
          ETHER,
          Duration.ofSeconds(12),
          EnumSet.noneOf(FinalityTag.class),
          Optional.empty(),
          16,
          EnumSet.of(TransactionType.LEGACY, TransactionType.EIP2930, TransactionType.EIP1559),
          false);

  /// With the strategies that most chains have, and without blobs.
  public ChainFacts(
      int slip44,
      Duration blockTime,
      Set<FinalityTag> finality,
      Optional<FinalityTag> finalAt,
      int inFlight,
      Set<TransactionType> transactionTypes,
      boolean testNetwork) {
    this(
        slip44,
        blockTime,
        finality,
        finalAt,
        inFlight,
        transactionTypes,
        testNetwork,
        FeeStrategies.DEFAULT,
        Optional.empty());
  }

  public ChainFacts {
    finality = ordered(finality, FinalityTag.class);
    transactionTypes = ordered(transactionTypes, TransactionType.class);
  }

  /// The same, with blobs that are proven so.
  public ChainFacts proving(BlobProofs proofs) {
    Set<TransactionType> types = EnumSet.noneOf(TransactionType.class);
    types.addAll(transactionTypes);
    types.add(TransactionType.EIP4844);
    return new ChainFacts(
        slip44,
        blockTime,
        finality,
        finalAt,
        inFlight,
        types,
        testNetwork,
        fees,
        Optional.of(proofs));
  }

  private static <E extends Enum<E>> Set<E> ordered(Set<E> set, Class<E> type) {
    EnumSet<E> ordered = EnumSet.noneOf(type);
    ordered.addAll(set);
    return Collections.unmodifiableSet(ordered);
  }
}
