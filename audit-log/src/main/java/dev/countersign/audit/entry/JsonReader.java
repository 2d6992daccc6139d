package dev.countersign.audit.entry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads JSON that may come from anywhere.
final class JsonReader {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final int DEEPEST = 8;

  private JsonReader() {}

  /// @throws MalformedEntryException when it is not JSON, or uses what entries do not
  static Json read(byte[] bytes) {
    try (JsonParser parser = JSON.createParser(bytes)) {
      Json json = value(parser, parser.nextToken(), 0);
      if (parser.nextToken() != null) {
        throw new MalformedEntryException("there is more after the entry's JSON");
      }
      return json;
    } catch (IOException e) {
      throw new MalformedEntryException("not JSON: " + e.getMessage());
    }
  }

  private static Json value(JsonParser parser, @Nullable JsonToken token, int depth)
      throws IOException {
    if (token == null || depth > DEEPEST) {
      throw new MalformedEntryException(
          token == null ? "there is no JSON" : "the JSON is nested too deeply");
    }
    return switch (token) {
      case VALUE_STRING -> new Json.Text(parser.getText());
      case VALUE_NUMBER_INT -> whole(parser);
      case VALUE_TRUE -> new Json.Flag(true);
      case VALUE_FALSE -> new Json.Flag(false);
      case START_ARRAY -> items(parser, depth);
      case START_OBJECT -> fields(parser, depth);
      default -> throw new MalformedEntryException("no entry has a " + token);
    };
  }

  private static Json whole(JsonParser parser) throws IOException {
    long value = parser.getLongValue();
    if (value > Json.Whole.MOST || value < -Json.Whole.MOST) {
      throw new MalformedEntryException("no entry has a number as large as " + value);
    }
    return new Json.Whole(value);
  }

  private static Json items(JsonParser parser, int depth) throws IOException {
    List<Json> values = new ArrayList<>();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      values.add(value(parser, next, depth + 1));
    }
    return new Json.Items(values);
  }

  private static Json fields(JsonParser parser, int depth) throws IOException {
    TreeMap<String, Json> values = new TreeMap<>();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_OBJECT;
        next = parser.nextToken()) {
      String key = parser.currentName();
      values.put(key, value(parser, parser.nextToken(), depth + 1));
    }
    return new Json.Fields(values);
  }
}
