package dev.countersign.core.action;

import dev.countersign.core.action.Deed.Authorization;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;

/// Authorizations of EIP-7702, by which an account takes on the code of another.
public final class Authorizations {
  private static final byte MAGIC = 5;

  private Authorizations() {}

  /// The preimage is `0x05 ‖ rlp([chain_id, address, nonce])`.
  ///
  /// @param chain nothing for every chain, which is chain id 0
  public static SignableMessage read(
      Optional<ChainId> chain, Address delegate, Nonce nonce, Address signer) {
    byte[] rlp =
        RlpEncoder.encode(
            new RlpList(
                RlpString.create(chain.map(ChainId::eip155).orElse(0L)),
                RlpString.create(delegate.bytes().toArray()),
                RlpString.create(nonce.value())));
    ByteArrayOutputStream preimage = new ByteArrayOutputStream();
    preimage.write(MAGIC);
    preimage.writeBytes(rlp);
    return SignableMessage.of(
        Bytes.of(preimage.toByteArray()),
        Walk.of(signer, new Authorization(chain, delegate, nonce.value()), List.of()));
  }
}
