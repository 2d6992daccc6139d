package dev.countersign.testenv.chain;

/// How a development chain behaves.
///
/// @param chainId its EIP-155 chain id, 1 or more
/// @param mining when it makes blocks
/// @param keepState whether a new [DevChain] in the same home goes on where the last one ended;
/// without it every start is at genesis
public record DevChainOptions(long chainId, Mining mining, boolean keepState) {

  /// The chain id people expect of a local chain.
  public static final long LOCAL_CHAIN_ID = 31337;

  public DevChainOptions {
    if (chainId < 1) {
      throw new IllegalArgumentException("chain id " + chainId + ": expected 1 or more");
    }
  }

  /// A block per transaction, nothing kept.
  public static DevChainOptions automatic(long chainId) {
    return new DevChainOptions(chainId, new Mining.Automatic(), false);
  }
}
