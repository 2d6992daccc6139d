package dev.countersign.mpc.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// [PeerIdentity] against the vectors of project Wycheproof (see the README beside them).
class WycheproofEd25519Test {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void takesValidSignaturesAndRefusesOthers() throws IOException {
    int valid = 0;
    int invalid = 0;
    try (InputStream in =
        Optional.ofNullable(getClass().getResourceAsStream("wycheproof-ed25519.json"))
            .orElseThrow()) {
      for (JsonNode group : new ObjectMapper().readTree(in).path("testGroups")) {
        byte[] key = HEX.parseHex(group.path("publicKey").path("pk").asText());
        PeerIdentity identity = PeerIdentity.of(key);
        assertThat(identity.bytes()).isEqualTo(key);
        for (JsonNode test : group.path("tests")) {
          boolean expected = test.path("result").asText().equals("valid");
          assertThat(
                  identity.verifies(
                      HEX.parseHex(test.path("msg").asText()),
                      HEX.parseHex(test.path("sig").asText())))
              .as("vector %s: %s", test.path("tcId"), test.path("comment"))
              .isEqualTo(expected);
          valid += expected ? 1 : 0;
          invalid += expected ? 0 : 1;
        }
      }
    }
    assertThat(valid).isEqualTo(88);
    assertThat(invalid).isEqualTo(63);
  }
}
