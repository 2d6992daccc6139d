package dev.countersign.nonce.testing;

import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.SignedAuthorization;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Nonce;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Sign;

/// An account with a throwaway key: the hash of its name.
public final class TestAccount {
  private static final int FIRST_RECOVERY_ID = 27;

  private final ECKeyPair key;

  public TestAccount(String name) {
    byte[] seed = Keccak.hash(name.getBytes(StandardCharsets.UTF_8)).bytes().toArray();
    this.key = ECKeyPair.create(seed);
  }

  public Address address() {
    return new Address(Credentials.create(key).getAddress());
  }

  public SignedTransaction sign(UnsignedTransaction transaction) {
    return transaction.sign(sign(transaction.signingDigest()));
  }

  /// Lets the code of `delegate` be its own.
  public SignedAuthorization authorize(ChainId chain, Address delegate, Nonce nonce) {
    Optional<ChainId> there = Optional.of(chain);
    Bytes preimage = SignedAuthorization.preimage(there, delegate, nonce);
    return new SignedAuthorization(there, delegate, nonce, sign(Keccak.hash(preimage.toArray())));
  }

  private RecoverableSignature sign(Digest32 digest) {
    Sign.SignatureData signature = Sign.signMessage(digest.bytes().toArray(), key, false);
    return new RecoverableSignature(
        new BigInteger(1, signature.getR()),
        new BigInteger(1, signature.getS()),
        signature.getV()[0] - FIRST_RECOVERY_ID);
  }
}
