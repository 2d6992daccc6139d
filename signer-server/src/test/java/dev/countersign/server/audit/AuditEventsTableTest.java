package dev.countersign.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Whoever adds a move, a call, a statement or an act of a key says in `docs/AUDIT_EVENTS.md` what
/// the log has of it.
class AuditEventsTableTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final Pattern STATEMENT =
      Pattern.compile(
          "\\b(INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|TRUNCATE)\\s+([a-z_]+\\.[a-z_]+)");
  private static final Pattern SERVICE = Pattern.compile("(?m)^service (\\w+) \\{");
  private static final Pattern CALL = Pattern.compile("(?m)^ {2}rpc (\\w+)\\(");

  private final AuditEventsTable table;

  AuditEventsTableTest() throws IOException {
    this.table = AuditEventsTable.read();
  }

  @Test
  void namesEveryMoveOfARequest() {
    Set<String> moves = new TreeSet<>();
    for (RequestState from : RequestState.values()) {
      from.next().forEach(to -> moves.add(from + " -> " + to));
    }
    for (Class<?> move : RequestMove.class.getPermittedSubclasses()) {
      moves.add(move.getSimpleName());
    }
    assertThat(table.whats("Moves of a request")).containsExactlyInAnyOrderElementsOf(moves);
  }

  @Test
  void namesEveryCall() throws IOException {
    Set<String> calls = new TreeSet<>();
    for (Path file : files("signing-api/src/main/protobuf", ".proto")) {
      String text = Files.readString(file);
      SERVICE
          .matcher(text)
          .results()
          .map(match -> match.group(1))
          .forEach(
              service ->
                  CALL.matcher(text)
                      .results()
                      .forEach(call -> calls.add(service + "/" + call.group(1))));
    }
    assertThat(table.whats("Calls")).containsExactlyInAnyOrderElementsOf(calls);
  }

  @Test
  void namesEveryActOfAKey() {
    assertThat(table.whats("Keys"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(KeyBackend.class.getMethods()).map(Method::getName).distinct().toList());
  }

  @Test
  void namesEveryStatementThatChangesATable() throws IOException {
    Set<String> statements = new TreeSet<>();
    for (Path module : modules()) {
      for (Path file : files(module + "/src/main", ".java", ".sql")) {
        STATEMENT.matcher(Files.readString(file)).results().forEach(s -> statements.add(named(s)));
      }
    }
    assertThat(table.whats("Statements")).containsExactlyInAnyOrderElementsOf(statements);
  }

  @Test
  void everyRowNamesTypesThatThereAreOrSaysWhyThereIsNone() {
    assertThat(table.rows()).isNotEmpty().allMatch(AuditEventsTable.Row::isWellFormed);
    assertThat(table.rows().stream().flatMap(row -> row.types().stream()))
        .isSubsetOf(EntryDecoder.types());
  }

  @Test
  void everyTypeStandsForSomething() throws IOException {
    // The texts between the tables count: what stands for many rows is said once.
    String text = Files.readString(REPOSITORY.resolve("docs/AUDIT_EVENTS.md"));
    assertThat(EntryDecoder.types()).isNotEmpty().allMatch(type -> text.contains("`" + type + "`"));
  }

  private static String named(MatchResult statement) {
    return statement.group(1).split(" ", 2)[0] + " " + statement.group(2);
  }

  /// All but the benchmarks, which have tables of their own to measure against.
  private static List<Path> modules() throws IOException {
    try (Stream<Path> folders = Files.list(REPOSITORY)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("pom.xml")))
          .map(REPOSITORY::relativize)
          .filter(module -> !module.equals(Path.of("bench")))
          .toList();
    }
  }

  private static List<Path> files(String folder, String... extensions) throws IOException {
    Path root = REPOSITORY.resolve(folder);
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> Arrays.stream(extensions).anyMatch(file.toString()::endsWith))
          .toList();
    }
  }
}
