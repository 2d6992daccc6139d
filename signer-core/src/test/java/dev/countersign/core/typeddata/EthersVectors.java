package dev.countersign.core.typeddata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Documents of typed data with their digests, as ethers computes them.
public final class EthersVectors {
  private EthersVectors() {}

  /// @param json the document
  public record Vector(String name, String json, String encodeType, String digest) {
    @Override
    public String toString() {
      return name;
    }
  }

  public static List<Vector> all() {
    try (InputStream file =
        Objects.requireNonNull(
            EthersVectors.class.getResourceAsStream("ethers-typed-data.json"), "vectors")) {
      List<Vector> vectors = new ArrayList<>();
      for (JsonNode each : new ObjectMapper().readTree(file).get("cases")) {
        vectors.add(
            new Vector(
                each.get("name").asText(),
                each.get("data").toString(),
                each.get("encodeType").asText(),
                each.get("digest").asText()));
      }
      return vectors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String json(String name) {
    return all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow().json();
  }
}
