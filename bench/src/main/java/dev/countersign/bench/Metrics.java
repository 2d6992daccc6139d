package dev.countersign.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a benchmark found: a table for people, then one line of JSON for programs.
final class Metrics {
  private static final MathContext FIGURES = new MathContext(4);

  private final String bench;
  private final Map<String, BigDecimal> values = new LinkedHashMap<>();
  private final Map<String, String> explanations = new LinkedHashMap<>();

  Metrics(String bench) {
    this.bench = bench;
  }

  Metrics add(String name, double value, String explanation) {
    values.put(name, BigDecimal.valueOf(value).round(FIGURES));
    explanations.put(name, explanation);
    return this;
  }

  void print() {
    values.forEach(
        (name, value) ->
            IO.println(
                "  %-36s %12s  %s".formatted(name, value.toPlainString(), explanations.get(name))));
    try {
      IO.println(new ObjectMapper().writeValueAsString(Map.of("bench", bench, "metrics", values)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers have a JSON form", e);
    }
  }
}
