package dev.countersign.core.typeddata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads JSON that has one reading only: no duplicate member, nothing after the value, and no text
/// that UTF-8 cannot carry.
final class JsonText {
  static final int MOST_CHARACTERS = 131_072;
  private static final int MOST_LEVELS = 32;
  private static final int MOST_DIGITS = 80;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_LEVELS)
                  .maxNumberLength(MOST_DIGITS)
                  .maxStringLength(MOST_CHARACTERS)
                  .build())
          .build();

  private JsonText() {}

  static Json parse(String text) throws MalformedException {
    if (text.length() > MOST_CHARACTERS) {
      throw new MalformedException(
          "expected at most %d characters of JSON, got %d"
              .formatted(MOST_CHARACTERS, text.length()));
    }
    try (JsonParser parser = JSON.createParser(text)) {
      Json value = value(parser, parser.nextToken());
      if (parser.nextToken() != null) {
        throw new MalformedException("expected nothing after the JSON value");
      }
      return value;
    } catch (IOException e) {
      throw new MalformedException("expected JSON without duplicate members, got text that is not");
    }
  }

  private static Json value(JsonParser parser, @Nullable JsonToken token)
      throws IOException, MalformedException {
    return switch (token) {
      case VALUE_STRING -> new Json.Text(text(parser.getText()));
      case VALUE_NUMBER_INT -> new Json.Whole(parser.getBigIntegerValue());
      case VALUE_TRUE -> new Json.Flag(true);
      case VALUE_FALSE -> new Json.Flag(false);
      case START_ARRAY -> items(parser);
      case START_OBJECT -> members(parser);
      case null -> throw unexpected("nothing");
      case VALUE_NULL -> throw unexpected("null");
      case VALUE_NUMBER_FLOAT -> throw unexpected("a number with a fraction or an exponent");
      default -> throw unexpected(token.toString());
    };
  }

  private static MalformedException unexpected(String got) {
    return new MalformedException(
        "expected text, whole numbers, booleans, arrays and objects, got " + got);
  }

  private static Json items(JsonParser parser) throws IOException, MalformedException {
    List<Json> items = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      items.add(value(parser, token));
      token = parser.nextToken();
    }
    return new Json.Items(items);
  }

  private static Json members(JsonParser parser) throws IOException, MalformedException {
    Map<String, Json> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = text(parser.currentName());
      members.put(name, value(parser, parser.nextToken()));
    }
    return new Json.Members(members);
  }

  /// Half of a surrogate pair has no UTF-8: one program would hash `?`, another U+FFFD.
  private static String text(String text) throws MalformedException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MalformedException("expected text of whole characters, got half of a pair");
    }
    return text;
  }
}
