package dev.countersign.core.evm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A third encoder besides ours and web3j's.
class EthersTransactionsTest {

  static List<JsonNode> transactions() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            EthersTransactionsTest.class.getResourceAsStream("ethers-transactions.json"))) {
      return new ObjectMapper().readTree(file).valueStream().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("transactions")
  void readsAndWritesTheSameBytes(JsonNode theirs) {
    Bytes unsigned = Bytes.fromHex(theirs.get("unsigned").asText());
    UnsignedTransaction transaction =
        ((Outcome.Decoded) TransactionDecoder.decode(unsigned)).transaction();
    assertThat(transaction.envelope().type().number()).isEqualTo(theirs.get("type").asInt());
    assertThat(transaction.chain().eip155()).isEqualTo(theirs.get("chainId").asLong());
    assertThat(transaction.nonce().value()).isEqualTo(theirs.get("nonce").asLong());
    assertThat(transaction.call().to().map(Address::checksummed).orElse("null"))
        .isEqualTo(theirs.get("to").asText());
    assertThat(transaction.call().value()).hasToString(theirs.get("value").asText());
    assertThat(transaction.signingDigest().hex()).isEqualTo(theirs.get("unsignedHash").asText());

    SignedTransaction signed = new SignedTransaction(Bytes.fromHex(theirs.get("signed").asText()));
    SignedFields fields = signed.read().orElseThrow();
    assertThat(fields.transaction()).isEqualTo(transaction);
    assertThat(transaction.sign(fields.signature())).isEqualTo(signed);
    assertThat(signed.hash()).isEqualTo(Digest32.fromHex(theirs.get("hash").asText()));
    assertThat(Secp256k1Curve.signer(transaction.signingDigest(), fields.signature()))
        .contains(Address.parse(theirs.get("from").asText()));
    if (transaction.envelope() instanceof Envelope.SetCode code) {
      assertThat(code.authorizations())
          .allSatisfy(
              one ->
                  assertThat(one.authority())
                      .contains(Address.parse(theirs.get("authority").asText())));
    }
  }
}
