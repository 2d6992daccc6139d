package dev.countersign.core.evm;

import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.List;

/// The type of a transaction (EIP-2718), and what only that type has.
public sealed interface Envelope {
  TransactionType type();

  /// Empty where the type has none.
  default AccessList accessList() {
    return AccessList.NONE;
  }

  /// What its blobs may cost in wei, besides gas; nothing without blobs.
  default BigInteger mostBlobCost() {
    return BigInteger.ZERO;
  }

  /// The same without the fee that only its type has: what the fees of a transaction are is apart
  /// from what it is.
  default Envelope withoutFee() {
    return this instanceof Blobs blobs ? blobs.offering(Wei.ZERO) : this;
  }

  /// Whether one price is paid for each unit of gas: tip and maximum fee are the same then.
  default boolean hasOnePrice() {
    return type() == TransactionType.LEGACY || type() == TransactionType.EIP2930;
  }

  /// Whether it has nothing that others have not.
  default boolean isPlain() {
    return switch (this) {
      case Legacy _ -> true;
      case OnePrice _, FeeMarket _ -> accessList().isEmpty();
      case Blobs _, SetCode _ -> false;
    };
  }

  /// Whether it may be one that creates a contract.
  default boolean mayCreate() {
    return type() != TransactionType.EIP4844 && type() != TransactionType.EIP7702;
  }

  /// Without a type, and with the chain in its signature (EIP-155).
  record Legacy() implements Envelope {
    @Override
    public TransactionType type() {
      return TransactionType.LEGACY;
    }
  }

  /// Type 1 (EIP-2930).
  record OnePrice(AccessList accessList) implements Envelope {
    @Override
    public TransactionType type() {
      return TransactionType.EIP2930;
    }
  }

  /// Type 2 (EIP-1559).
  record FeeMarket(AccessList accessList) implements Envelope {
    /// What most transactions come in.
    public static final FeeMarket PLAIN = new FeeMarket(AccessList.NONE);

    @Override
    public TransactionType type() {
      return TransactionType.EIP1559;
    }
  }

  /// Type 3 (EIP-4844). The blobs themselves are no part of what is signed, see [BlobSidecar].
  ///
  /// @param maxFeePerBlobGas the most for a unit of blob gas; in what is asked for, 0 has it found
  ///     when the transaction gets its nonce: no chain takes a transaction that offers 0
  /// @param versionedHashes of the blobs' commitments, at least one
  record Blobs(AccessList accessList, Wei maxFeePerBlobGas, List<Digest32> versionedHashes)
      implements Envelope {
    /// `GAS_PER_BLOB`, 2^17.
    private static final BigInteger GAS_PER_BLOB = BigInteger.ONE.shiftLeft(17);

    /// `VERSIONED_HASH_VERSION_KZG`.
    static final byte KZG = 1;

    public Blobs {
      versionedHashes = List.copyOf(versionedHashes);
      if (versionedHashes.isEmpty()) {
        throw InvalidValueException.of("blob hashes", "none", "one or more");
      }
      for (Digest32 hash : versionedHashes) {
        if (hash.bytes().get(0) != KZG) {
          throw InvalidValueException.of(
              "blob hash", hash.hex(), "version 1 (KZG) in its first byte");
        }
      }
    }

    @Override
    public TransactionType type() {
      return TransactionType.EIP4844;
    }

    /// Whether its fee is still to be found.
    public boolean leavesFee() {
      return maxFeePerBlobGas.value().signum() == 0;
    }

    /// The same for another fee.
    public Blobs offering(Wei fee) {
      return new Blobs(accessList, fee, versionedHashes);
    }

    @Override
    public BigInteger mostBlobCost() {
      return maxFeePerBlobGas
          .value()
          .multiply(GAS_PER_BLOB)
          .multiply(BigInteger.valueOf(versionedHashes.size()));
    }
  }

  /// Type 4 (EIP-7702).
  ///
  /// @param authorizations at least one; they take effect before the call, also when it reverts
  record SetCode(AccessList accessList, List<SignedAuthorization> authorizations)
      implements Envelope {
    public SetCode {
      authorizations = List.copyOf(authorizations);
      if (authorizations.isEmpty()) {
        throw InvalidValueException.of("authorizations", "none", "one or more");
      }
    }

    @Override
    public TransactionType type() {
      return TransactionType.EIP7702;
    }
  }
}
