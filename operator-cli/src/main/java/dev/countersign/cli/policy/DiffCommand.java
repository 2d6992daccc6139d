package dev.countersign.cli.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.policy.diff.PolicyChange;
import dev.countersign.policy.diff.PolicyDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign policy diff`.
@Command(
    name = "diff",
    description = {
      "Says what one policy changes about another, and of each change whether it loosens, tightens"
          + " or neither. Exits with 0 when nothing loosens, with 1 when something does, or may,"
          + " with 3 when one of the two is no policy."
    })
public final class DiffCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  @Parameters(index = "0", paramLabel = "BEFORE", description = "A policy, in YAML.")
  @SuppressWarnings("NullAway.Init") // picocli's
  private Path before;

  @Parameters(index = "1", paramLabel = "AFTER", description = "The policy to compare with it.")
  @SuppressWarnings("NullAway.Init") // picocli's
  private Path after;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    return switch (PolicyDiff.of(bytes(before), bytes(after))) {
      case PolicyDiff.Outcome.Compared(PolicyDiff diff) -> {
        if (json) {
          printJson(diff);
        } else {
          print(diff);
        }
        yield diff.loosens() ? ExitCode.NO : ExitCode.OK;
      }
      case PolicyDiff.Outcome.Invalid invalid -> {
        Path file = invalid.isBefore() ? before : after;
        List<String> lines =
            invalid.problems().stream().map(problem -> file + ":" + problem).toList();
        throw CommandException.unavailable(
            LogWords.lines(file + " is no policy\n" + String.join("\n", lines)));
      }
    };
  }

  private void print(PolicyDiff diff) {
    var out = spec.commandLine().getOut();
    DiffText.of(diff).forEach(out::println);
    out.flush();
  }

  private void printJson(PolicyDiff diff) {
    ObjectNode root = JSON.createObjectNode();
    root.put("before", diff.before().hex()).put("after", diff.after().hex());
    root.put("direction", diff.direction().word());
    var changes = root.putArray("changes");
    for (PolicyChange change : diff.changes()) {
      ObjectNode node = changes.addObject();
      node.put("section", change.section()).put("name", change.name()).put("key", change.key());
      node.put("kind", change.kind().word());
      change.before().forEach(node.putArray("before")::add);
      change.after().forEach(node.putArray("after")::add);
      node.put("direction", change.direction().word()).put("text", change.text());
    }
    try {
      spec.commandLine()
          .getOut()
          .println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always written", e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw CommandException.unavailable(file + " is not a file you can read", e);
    }
  }
}
