package dev.countersign.core.action;

import static dev.countersign.core.action.Calls.ALICE;
import static dev.countersign.core.action.Calls.MALLORY;
import static dev.countersign.core.action.Calls.WALLET;
import static dev.countersign.core.action.Calls.action;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Deed.Authorization;
import dev.countersign.core.action.Deed.PersonalMessage;
import dev.countersign.core.action.Deed.RawDigest;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The digests are those of ethers 6.17.0 (`hashMessage`, `hashAuthorization`).
class MessagesTest {

  @Test
  void readsAPersonalMessage() {
    Bytes message = Bytes.of("hello".getBytes(StandardCharsets.US_ASCII));
    SignableMessage.Understood read = understood(PersonalMessages.read(message, WALLET));
    assertThat(read.signingDigest().hex())
        .isEqualTo("0x50b2c43fd39106bafbba0da34fc430e1f91e3c96ea2acee2bc34119f92b37750");
    assertThat(read.unpacking().actions())
        .containsExactly(action(WALLET, new PersonalMessage(message)));
  }

  @Test
  void readsAPersonalMessageOfADigestAsADigestToo() {
    Bytes message = Bytes.fromHex("0x" + "11".repeat(32));
    SignableMessage.Understood read = understood(PersonalMessages.read(message, WALLET));
    assertThat(read.signingDigest().hex())
        .isEqualTo("0x245a48de257ae28de2b11cb8fc02361fe87a20566dc63bec4492c3854b1aae52");
    assertThat(read.unpacking().actions())
        .containsExactly(
            action(WALLET, new PersonalMessage(message)),
            action(WALLET, new RawDigest(new Digest32(message)), 1));
  }

  @Test
  void readsAnAuthorization() {
    Optional<ChainId> chain = Optional.of(ChainId.ofEip155(1));
    SignableMessage.Understood read =
        understood(Authorizations.read(chain, MALLORY, new Nonce(7), WALLET));
    assertThat(read.signingDigest().hex())
        .isEqualTo("0x3de189c2f910dff030fd78e8605e79b4bfe3b56b3569d7e5a9a8147059fd24b6");
    assertThat(read.unpacking().actions())
        .containsExactly(action(WALLET, new Authorization(chain, MALLORY, 7)));
  }

  @Test
  void readsAnAuthorizationForEveryChain() {
    SignableMessage.Understood read =
        understood(Authorizations.read(Optional.empty(), MALLORY, new Nonce(0), ALICE));
    assertThat(read.signingDigest().hex())
        .isEqualTo("0x2e32f5d69075427c1a866c821da227facfadb1b5944afa16d5650f808bbcdff5");
    assertThat(read.unpacking().actions())
        .containsExactly(action(ALICE, new Authorization(Optional.empty(), MALLORY, 0)));
  }

  private static SignableMessage.Understood understood(SignableMessage message) {
    assertThat(message).isInstanceOf(SignableMessage.Understood.class);
    return (SignableMessage.Understood) message;
  }
}
