package dev.countersign.core.typeddata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Keccak;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TypedDataTest {
  private static final String PLAIN =
      """
      {"types":{"EIP712Domain":[{"name":"name","type":"string"}],
                "T":[{"name":"v","type":"%s"}]},
       "primaryType":"T","domain":{"name":"n"},"message":{"v":%s}}\
      """;

  static List<EthersVectors.Vector> vectors() {
    return EthersVectors.all();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void hashesLikeEthers(EthersVectors.Vector vector) {
    TypedDataReading reading = TypedData.read(vector.json());
    assertThat(reading).isInstanceOf(TypedDataReading.Read.class);
    TypedData data = ((TypedDataReading.Read) reading).data();
    assertThat(data.encodedType()).isEqualTo(vector.encodeType());
    assertThat(data.preimage().size()).isEqualTo(66);
    assertThat(Keccak.hash(data.preimage().toArray()).hex()).isEqualTo(vector.digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uint8|256|fits uint8",
        "uint8|-1|fits uint8",
        "int8|128|fits int8",
        "uint256|1.0|whole numbers",
        "uint256|1e3|whole numbers",
        "uint256|9007199254740992|below 2^53",
        "uint256|\"01\"|decimal or 0x",
        "uint256|\"0x\"|decimal or 0x",
        "uint256|\" 1\"|decimal or 0x",
        "uint256|true|decimal or 0x",
        "uint256|null|null",
        "uint|1|a type of EIP-712",
        "int|1|a type of EIP-712",
        "uint7|1|a type of EIP-712",
        "uint264|1|a type of EIP-712",
        "bytes33|\"0x\"|a type of EIP-712",
        "bytes0|\"0x\"|a type of EIP-712",
        "U|{}|a type of EIP-712",
        "uint256[0]|[]|a type of EIP-712",
        "uint256[2]|[1]|declared length",
        "uint256[]|1|declared length",
        "bytes4|\"0x010203\"|4 bytes",
        "bytes|\"0x1\"|even number",
        "bytes|\"01\"|0x followed",
        "bool|1|true or false",
        "bool|\"true\"|true or false",
        "string|1|text",
        "address|\"0x01\"|40 hex digits",
        "address|1|address as text",
        "address|\"0x5aAeb6053f3e94c9b9a09f33669435e7ef1beaed\"|checksum",
        "T|{\"v\":1}|object of type T",
        "string|\"\\ud800\"|half of a pair",
        "string|'a'|JSON"
      })
  void refusesAValueThatIsNotOfItsType(String type, String value, String reason) {
    assertThat(malformed(PLAIN.formatted(type, value))).contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"primaryType\":\"T\"|\"primaryType\":\"EIP712Domain\"|other than EIP712Domain",
        "\"primaryType\":\"T\"|\"primaryType\":\"X\"|declared struct",
        "\"primaryType\":\"T\"|\"primaryType\":\"T\",\"extra\":1|alone",
        "\"primaryType\":\"T\"|\"primaryType\":\"T\",\"primaryType\":\"T\"|duplicate",
        "{\"v\":1}|{\"v\":1,\"v\":1}|duplicate",
        "{\"v\":1}|{\"v\":1,\"w\":1}|alone",
        "{\"v\":1}|{}|missing",
        "{\"name\":\"n\"}|{\"name\":\"n\",\"version\":\"1\"}|alone",
        "{\"name\":\"n\"}|{}|missing",
        "\"T\":[|\"uint256\":[],\"T\":[|name of a struct",
        "\"T\":[|\"A,uint256 b\":[],\"T\":[|name of a struct",
        "{\"name\":\"v\"|{\"name\":\"v,uint256 w\"|name and type",
        "\"T\":[{|\"T\":[{\"name\":\"v\",\"type\":\"bool\"},{|once",
        "{\"name\":\"name\",\"type\":\"string\"}|{\"name\":\"title\",\"type\":\"string\"}|missing",
        "{\"name\":\"name\",\"type\":\"string\"}|{\"name\":\"name\",\"type\":\"bytes\"}|domain.name"
      })
  void refusesADocumentThatIsNotAsItShouldBe(String what, String instead, String reason) {
    String right = PLAIN.formatted("uint256", "1");
    assertThat(right).contains(what);
    assertThat(malformed(right.replace(what, instead))).contains(reason);
  }

  @Test
  void refusesADomainInAnotherOrder() {
    String swapped =
        """
        {"types":{"EIP712Domain":[{"name":"chainId","type":"uint256"},
                                  {"name":"name","type":"string"}],
                  "T":[{"name":"v","type":"bool"}]},
         "primaryType":"T","domain":{"name":"n","chainId":1},"message":{"v":true}}\
        """;
    assertThat(malformed(swapped)).contains("in this order");
  }

  @Test
  void refusesWhatComesAfter() {
    assertThat(malformed(PLAIN.formatted("bool", "true") + " {}")).contains("nothing after");
  }

  @Test
  void refusesWhatIsTooLongTooWideOrTooDeep() {
    assertThat(malformed(" ".repeat(200_000))).contains("131072");
    assertThat(malformed(PLAIN.formatted("bool" + "[]".repeat(100), "true")))
        .contains("200 characters");
    assertThat(malformed("[".repeat(100_000))).contains("JSON");
    StringBuilder types = new StringBuilder("{\"types\":{");
    for (int i = 0; i < 300; i++) {
      types.append("\"T%d\":[],".formatted(i));
    }
    assertThat(malformed(types + "\"T\":[]},\"primaryType\":\"T\",\"domain\":{},\"message\":{}}"))
        .contains("256 types");
  }

  private static String malformed(String json) {
    TypedDataReading reading = TypedData.read(json);
    assertThat(reading).isInstanceOf(TypedDataReading.Malformed.class);
    return ((TypedDataReading.Malformed) reading).reason();
  }
}
