package dev.countersign.mpc.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// [HkdfSha256] against the vectors of project Wycheproof (see the README beside them).
class HkdfSha256Test {
  private static final HexFormat HEX = HexFormat.of();

  private static byte[] bytes(JsonNode test, String field) {
    return HEX.parseHex(test.path(field).asText());
  }

  @Test
  void derivesWhatTheVectorsSay() throws IOException, GeneralSecurityException {
    int count = 0;
    try (InputStream in =
        Optional.ofNullable(getClass().getResourceAsStream("wycheproof-hkdf-sha256.json"))
            .orElseThrow()) {
      for (JsonNode group : new ObjectMapper().readTree(in).path("testGroups")) {
        for (JsonNode test : group.path("tests")) {
          check(test);
          count++;
        }
      }
    }
    assertThat(count).isEqualTo(86);
  }

  private static void check(JsonNode test) throws GeneralSecurityException {
    byte[] secret = bytes(test, "ikm");
    byte[] salt = bytes(test, "salt");
    byte[] info = bytes(test, "info");
    int size = test.path("size").asInt();
    if (!test.path("result").asText().equals("valid")) {
      assertThatExceptionOfType(GeneralSecurityException.class)
          .isThrownBy(() -> HkdfSha256.bytes(secret, salt, info, size));
      return;
    }
    byte[] derived = HkdfSha256.bytes(secret, salt, info, size);
    assertThat(derived).as("vector %s", test.path("tcId")).isEqualTo(bytes(test, "okm"));
    if (size == 32) {
      assertThat(HkdfSha256.key(secret, salt, info).getEncoded()).isEqualTo(derived);
    }
  }
}
