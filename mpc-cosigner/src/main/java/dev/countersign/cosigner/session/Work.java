package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.cosigner.judge.SigningOrder;
import java.util.List;

/// What a session is for.
public sealed interface Work {

  /// A new key, with setups for all pairs.
  ///
  /// @param threshold how many of the parties sign
  record Generate(int threshold) implements Work {}

  /// Other shares and other setups of the key, for the same parties.
  record Refresh() implements Work {}

  /// What is prepared is used or given up, whichever all can agree on: after a session that not all
  /// have seen the end of.
  record Settle() implements Work {}

  /// One signature.
  record Sign(SigningOrder order) implements Work {}

  /// All of a signature but the message.
  ///
  /// @param path of BIP-32 from the key to the wallet's
  record Presign(List<Integer> path) implements Work {
    public Presign {
      path = List.copyOf(path);
    }
  }

  /// One signature from a presignature.
  ///
  /// @param presignature its id, 32 bytes
  record SignPresigned(Bytes presignature, SigningOrder order) implements Work {}
}
