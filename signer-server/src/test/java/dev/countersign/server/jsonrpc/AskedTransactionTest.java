package dev.countersign.server.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.SignedAuthorization;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AskedTransactionTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FROM = "0x" + "aa".repeat(20);
  private static final String TO = "0x" + "bb".repeat(20);
  private static final String SLOT = "0x" + "01".repeat(32);
  private static final String ACCESS_LIST =
      "\"accessList\":[{\"address\":\"%s\",\"storageKeys\":[\"%s\"]}]".formatted(TO, SLOT);

  private static AskedTransaction read(String fields) {
    return AskedTransaction.read(
        JSON.readTree("{\"from\":\"%s\",\"to\":\"%s\"%s}".formatted(FROM, TO, fields)),
        ChainId.ofEip155(1));
  }

  private static RpcError refused(String json) {
    return catchThrowableOfType(
            RpcException.class,
            () -> AskedTransaction.read(JSON.readTree(json), ChainId.ofEip155(1)))
        .error();
  }

  private static String with(String fields) {
    return "{\"from\":\"%s\",\"to\":\"%s\",%s}".formatted(FROM, TO, fields);
  }

  @Test
  void whatLibrariesFillInIsRead() {
    AskedTransaction asked =
        read(
            ",\"value\":\"0x10\",\"gas\":\"0x5208\",\"maxFeePerGas\":\"0x1e\","
                + "\"maxPriorityFeePerGas\":\"0x1\",\"nonce\":\"0x7\",\"chainId\":\"0x1\","
                + "\"type\":\"0x2\",\"accessList\":[],\"data\":\"0x\"");
    assertThat(asked.from()).isEqualTo(Address.parse(FROM));
    assertThat(asked.intent()).isEqualTo(new Intent.NativeTransfer(Address.parse(TO), Wei.of(16)));
    assertThat(asked.most()).hasValue(Wei.of(30));
    assertThat(asked.tip()).hasValue(Wei.of(1));
    assertThat(asked.gas()).hasValue(BigInteger.valueOf(21_000));
  }

  @Test
  void aGasPriceIsBoth() {
    AskedTransaction asked = read(",\"gasPrice\":\"0x1e\"");
    assertThat(asked.most()).hasValue(Wei.of(30));
    assertThat(asked.tip()).hasValue(Wei.of(30));
    assertThat(asked.gas()).isEmpty();
    assertThat(refused(with("\"gasPrice\":\"0x1\",\"maxFeePerGas\":\"0x1\"")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void dataAndInputAreTheSameThing() {
    assertThat(read(",\"input\":\"0xdeadbeef\"").intent())
        .isInstanceOf(Intent.ContractCall.class)
        .isEqualTo(read(",\"data\":\"0xdeadbeef\",\"input\":\"0xdeadbeef\"").intent());
    assertThat(refused(with("\"data\":\"0xdeadbeef\",\"input\":\"0xdeadbeff\"")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(refused(with("\"data\":\"0xde\"")).message()).startsWith("data: expected");
  }

  @Test
  void anotherChainIsRefused() {
    assertThat(refused(with("\"chainId\":\"0x2\"")).message()).contains("eip155:1, got 2");
  }

  @Test
  void withoutARecipientItCreatesAContract() {
    String creation = "{\"from\":\"%s\",\"data\":\"0x6000\"}".formatted(FROM);
    assertThat(AskedTransaction.read(JSON.readTree(creation), ChainId.ofEip155(1)).intent())
        .isEqualTo(new Intent.ContractCreation(Wei.ZERO, Bytes.fromHex("0x6000")));
    assertThat(refused("{\"from\":\"%s\"}".formatted(FROM)).message())
        .contains("creates a contract: expected 1 to 49152 bytes");
  }

  @Test
  void whatIsNotSignedHereIsRefusedAndNotLeftOut() {
    for (String fields : new String[] {"\"type\":\"0x5\"", "\"frames\":[]"}) {
      assertThat(refused(with(fields)).code()).as(fields).isEqualTo(RpcError.NOT_SUPPORTED);
    }
  }

  @Test
  void anAccessListMakesATypeOfItsOwn() {
    AccessList list =
        new AccessList(
            List.of(new AccessList.Entry(Address.parse(TO), List.of(Digest32.fromHex(SLOT)))));
    assertThat(read("," + ACCESS_LIST).envelope()).hasValue(new Envelope.FeeMarket(list));
    for (String fields : new String[] {"\"type\":\"0x1\"", "\"gasPrice\":\"0x1e\""}) {
      assertThat(read(",%s,%s".formatted(ACCESS_LIST, fields)).envelope())
          .as(fields)
          .hasValue(new Envelope.OnePrice(list));
    }
    assertThat(read(",%s,\"blobs\":[\"0x00\"]".formatted(ACCESS_LIST)).blobs())
        .hasValueSatisfying(blobs -> assertThat(blobs.accessList()).isEqualTo(list));
    assertThat(read(",\"accessList\":[],\"type\":\"0x1\"").envelope()).as("a library's").isEmpty();
    for (String fields :
        new String[] {
          ACCESS_LIST + ",\"type\":\"0x0\"",
          "\"accessList\":{}",
          "\"accessList\":[{}]",
          "\"accessList\":[7]",
          "\"accessList\":[{\"address\":\"%s\",\"storageKeys\":[\"0x01\"]}]".formatted(TO)
        }) {
      assertThat(refused(with(fields)).code()).as(fields).isEqualTo(RpcError.INVALID_PARAMS);
    }
  }

  @Test
  void authorizationsMakeATransactionThatSetsCode() {
    assertThat(read(",\"type\":\"0x4\"," + authorization("0x1", "0x1")).envelope())
        .isEqualTo(read("," + authorization("0x1", "0x1")).envelope())
        .hasValue(
            new Envelope.SetCode(
                AccessList.NONE,
                List.of(
                    new SignedAuthorization(
                        Optional.of(ChainId.ofEip155(1)),
                        Address.parse(TO),
                        new Nonce(7),
                        new RecoverableSignature(BigInteger.TWO, BigInteger.ONE, 1)))));
    assertThat(read("," + authorization("0x0", "0x0")).envelope().orElseThrow())
        .isInstanceOfSatisfying(
            Envelope.SetCode.class,
            set -> assertThat(set.authorizations().getFirst().chain()).as("any chain").isEmpty());
    for (String fields :
        new String[] {
          "\"type\":\"0x4\"",
          "\"type\":\"0x4\",\"authorizationList\":[]",
          "\"type\":\"0x2\"," + authorization("0x1", "0x1"),
          "\"gasPrice\":\"0x1\"," + authorization("0x1", "0x1"),
          authorization("0x1", "0x2"),
          authorization("0x10000000000000000", "0x0"),
          "\"authorizationList\":[{}]",
        }) {
      assertThat(refused(with(fields)).code()).as(fields).isEqualTo(RpcError.INVALID_PARAMS);
    }
  }

  private static String authorization(String chain, String parity) {
    return """
    "authorizationList":[{"chainId":"%s","address":"%s","nonce":"0x7","yParity":"%s","r":"0x2","s":"0x1"}]\
    """
        .formatted(chain, TO, parity);
  }

  @Test
  void whatIsOfBlobsNeedsBlobs() {
    for (String fields :
        new String[] {
          "\"type\":\"0x3\"",
          "\"blobVersionedHashes\":[]",
          "\"maxFeePerBlobGas\":\"0x1\"",
          "\"blobs\":[]",
          "\"blobs\":\"0x\"",
          "\"blobs\":[1]",
          "\"blobs\":[\"0x00\"],\"type\":\"0x2\""
        }) {
      assertThat(refused(with(fields)).code()).as(fields).isEqualTo(RpcError.INVALID_PARAMS);
    }
    assertThat(read(",\"blobs\":[\"0x00\"],\"type\":\"0x3\"").blobs().orElseThrow().blobs())
        .containsExactly(Bytes.fromHex("0x00"));
  }

  @Test
  void numbersAreTextOfHexDigits() {
    for (String value : new String[] {"16", "\"16\"", "\"0x\"", "\"-0x1\"", "1.5", "[]"}) {
      assertThat(refused(with("\"value\":" + value)).code())
          .as(value)
          .isEqualTo(RpcError.INVALID_PARAMS);
    }
    assertThat(refused("[]").code()).isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(refused("{\"to\":\"%s\"}".formatted(TO)).message()).startsWith("from: expected");
  }
}
