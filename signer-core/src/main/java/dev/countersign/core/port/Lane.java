package dev.countersign.core.port;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;

/// The nonces of one account on one chain.
public record Lane(ChainId chain, Address address) implements Comparable<Lane> {
  @Override
  public int compareTo(Lane other) {
    int byChain = chain.compareTo(other.chain);
    return byChain != 0 ? byChain : address.compareTo(other.address);
  }
}
