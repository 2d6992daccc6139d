package dev.countersign.core.evm;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Nonce;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;

/// What an account has signed so that its code becomes that of another (EIP-7702).
///
/// @param chain nothing when it is good on every chain
/// @param delegate whose code it gets; the zero address takes it away
/// @param nonce the one that the account has when it takes effect
public record SignedAuthorization(
    Optional<ChainId> chain, Address delegate, Nonce nonce, RecoverableSignature signature) {
  private static final byte MAGIC = 5;
  private static final int FIELDS = 6;

  /// The bytes whose Keccak-256 the account signs: `0x05 ‖ rlp([chain_id, address, nonce])`.
  public static Bytes preimage(Optional<ChainId> chain, Address delegate, Nonce nonce) {
    ByteArrayOutputStream preimage = new ByteArrayOutputStream();
    preimage.write(MAGIC);
    preimage.writeBytes(
        RlpEncoder.encode(
            new RlpList(
                RlpString.create(number(chain)),
                RlpString.create(delegate.bytes().toArray()),
                RlpString.create(nonce.value()))));
    return Bytes.of(preimage.toByteArray());
  }

  /// Whose code it sets; nothing when the signature is nobody's.
  public Optional<Address> authority() {
    Digest32 digest = Keccak.hash(preimage(chain, delegate, nonce).toArray());
    return Secp256k1Curve.signer(digest, signature);
  }

  RlpList rlp() {
    return new RlpList(
        List.of(
            RlpString.create(number(chain)),
            RlpString.create(delegate.bytes().toArray()),
            RlpString.create(nonce.value()),
            RlpString.create(signature.yParity()),
            RlpString.create(signature.r()),
            RlpString.create(signature.s())));
  }

  static SignedAuthorization read(FieldsOfList fields) {
    fields.expect(FIELDS, "authorization");
    long chain = fields.number(0);
    return new SignedAuthorization(
        chain == 0 ? Optional.empty() : Optional.of(ChainId.ofEip155(chain)),
        fields.address(1),
        new Nonce(fields.number(2)),
        new RecoverableSignature(
            fields.integer(4), fields.integer(5), Math.toIntExact(fields.number(3))));
  }

  private static long number(Optional<ChainId> chain) {
    return chain.map(ChainId::eip155).orElse(0L);
  }
}
