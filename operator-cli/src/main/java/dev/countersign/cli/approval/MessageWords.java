package dev.countersign.cli.approval;

import dev.countersign.cli.audit.LogWords;
import dev.countersign.core.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A message in words, made from its bytes: all of it, and nothing that moves a terminal's cursor.
final class MessageWords {
  private MessageWords() {}

  /// Each line of the text, or its hex digits where it is no text.
  static List<String> personal(Bytes message) {
    var lines = new ArrayList<String>();
    lines.add(ApprovalWords.line("message", DeedWords.size(message)));
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message.toArray())).toString();
      lines.addAll(quoted(text));
    } catch (CharacterCodingException e) {
      lines.add(ApprovalWords.line("", "no text: " + message.hex()));
    }
    return lines;
  }

  /// The data as it is signed: every field is in it.
  static List<String> typed(String json) {
    var lines = new ArrayList<String>();
    lines.add(ApprovalWords.line("typed data", json.length() + " characters"));
    lines.addAll(quoted(json));
    return lines;
  }

  private static List<String> quoted(String text) {
    return text.lines().map(line -> ApprovalWords.line("", "| " + LogWords.lines(line))).toList();
  }
}
