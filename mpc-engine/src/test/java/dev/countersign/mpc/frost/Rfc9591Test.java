package dev.countersign.mpc.frost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.MalformedElementException;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.key.GroupKey;
import dev.countersign.mpc.key.KeyShare;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The vectors of RFC 9591 appendices E.1 and E.5, value by value.
class Rfc9591Test {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void ed25519() throws Exception {
    check(FrostEd25519.INSTANCE, "rfc9591-frost-ed25519-sha512.json");
  }

  @Test
  void secp256k1() throws Exception {
    check(FrostSecp256k1.INSTANCE, "rfc9591-frost-secp256k1-sha256.json");
  }

  private static JsonNode read(String name) throws IOException {
    try (InputStream in =
        Optional.ofNullable(Rfc9591Test.class.getResourceAsStream(name)).orElseThrow()) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static byte[] bytes(JsonNode node, String field) {
    return HEX.parseHex(node.path(field).asText());
  }

  private static <P extends Point<P>> void check(Ciphersuite<P> suite, String name)
      throws IOException, MalformedElementException, ProtocolAbortException {
    JsonNode vector = read(name);
    JsonNode inputs = vector.path("inputs");
    Map<Party, Scalar> secrets = new HashMap<>();
    Map<Party, P> publics = new HashMap<>();
    for (JsonNode one : inputs.path("participant_shares")) {
      Party party = new Party(one.path("identifier").asInt());
      Scalar secret = suite.group().scalars().decode(bytes(one, "participant_share"));
      secrets.put(party, secret);
      publics.put(party, suite.group().generate(secret));
    }
    P point = suite.group().decode(bytes(inputs, "group_public_key"));
    assertThat(
            suite
                .group()
                .generate(suite.group().scalars().decode(bytes(inputs, "group_secret_key"))))
        .isEqualTo(point);
    GroupKey<P> key =
        new GroupKey<>(vector.path("config").path("MIN_PARTICIPANTS").asInt(), point, publics);
    Map<Party, KeyShare<P>> shares = new HashMap<>();
    Map<Party, SigningNonces<P>> nonces = new HashMap<>();
    List<NonceCommitment<P>> commitments = new ArrayList<>();
    for (JsonNode one : vector.path("round_one_outputs").path("outputs")) {
      Party party = new Party(one.path("identifier").asInt());
      KeyShare<P> share =
          new KeyShare<>(party, Optional.ofNullable(secrets.get(party)).orElseThrow(), key);
      SigningNonces<P> drawn =
          SigningNonces.of(
              suite,
              share,
              bytes(one, "hiding_nonce_randomness"),
              bytes(one, "binding_nonce_randomness"));
      assertThat(drawn.commitment().hiding().encode())
          .isEqualTo(bytes(one, "hiding_nonce_commitment"));
      assertThat(drawn.commitment().binding().encode())
          .isEqualTo(bytes(one, "binding_nonce_commitment"));
      shares.put(party, share);
      nonces.put(party, drawn);
      commitments.add(drawn.commitment());
    }
    SigningPackage<P> signing =
        SigningPackage.of(suite, key, commitments, bytes(inputs, "message"));
    Map<Party, Scalar> signatures = new HashMap<>();
    for (JsonNode one : vector.path("round_two_outputs").path("outputs")) {
      Party party = new Party(one.path("identifier").asInt());
      Scalar share =
          signing.sign(
              Optional.ofNullable(shares.get(party)).orElseThrow(),
              Optional.ofNullable(nonces.get(party)).orElseThrow());
      assertThat(share.encode()).isEqualTo(bytes(one, "sig_share"));
      assertThat(signing.isShare(party, share)).isTrue();
      signatures.put(party, share);
    }
    assertThat(signing.aggregate(signatures)).isEqualTo(bytes(vector.path("final_output"), "sig"));
  }
}
