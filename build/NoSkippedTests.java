import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The last step of a build: reads the reports of every test that ran since the build began, and
 * fails when one was skipped, or when a test class left no report, that is, was never run. Its last
 * line counts what ran.
 *
 * <p>Arguments: the root directory; when the build began; then `name=value` of the properties by
 * which somebody chose single tests, which are left as `name=${name}` when nobody did.
 */
void main(String[] args) throws Exception {
  Path root = Path.of(args[0]).toRealPath();
  Instant began = Instant.parse(args[1]);
  boolean partial = Stream.of(args).skip(2).anyMatch(chosen -> !chosen.endsWith("}"));

  var totals = new Totals();
  List<String> complaints = new ArrayList<>();
  for (Path module : modules(root)) {
    Set<String> reported = new HashSet<>();
    for (Path report : reports(module, began)) {
      Element suite = parser().parse(report.toFile()).getDocumentElement();
      totals.add(suite);
      reported.add(outermost(suite.getAttribute("name")));
      skippedTests(suite).forEach(test -> complaints.add("skipped: " + test));
    }
    if (!reported.isEmpty() && !partial) {
      testClasses(module).stream()
          .filter(test -> !reported.contains(test))
          .forEach(test -> complaints.add("never run: " + test));
    }
  }
  if (totals.tests == 0) {
    complaints.add("no test was run at all");
  }

  if (!complaints.isEmpty()) {
    IO.println("No skipped tests: a missing part fails the build with what to install.");
    complaints.forEach(IO::println);
    IO.println(totals.passed() + " passed, " + totals.failed + " failed, " + totals.skipped
        + " skipped");
    System.exit(1);
  }
  IO.println(totals.passed() + " passed, " + totals.failed + " failed");
}

static final class Totals {
  int tests;
  int failed;
  int skipped;

  void add(Element suite) {
    tests += Integer.parseInt(suite.getAttribute("tests"));
    failed += Integer.parseInt(suite.getAttribute("failures"));
    failed += Integer.parseInt(suite.getAttribute("errors"));
    skipped += Integer.parseInt(suite.getAttribute("skipped"));
  }

  int passed() {
    return tests - failed - skipped;
  }
}

List<Path> modules(Path root) throws IOException {
  try (var files = Files.list(root)) {
    return files.filter(dir -> Files.exists(dir.resolve("pom.xml"))).sorted().toList();
  }
}

/** Reports written since the build began: an earlier build may have left others. */
List<Path> reports(Path module, Instant began) throws IOException {
  List<Path> found = new ArrayList<>();
  for (String kind : List.of("surefire-reports", "failsafe-reports")) {
    Path directory = module.resolve("target").resolve(kind);
    if (!Files.isDirectory(directory)) {
      continue;
    }
    try (var files = Files.newDirectoryStream(directory, "TEST-*.xml")) {
      for (Path file : files) {
        if (!Files.getLastModifiedTime(file).toInstant().isBefore(began)) {
          found.add(file);
        }
      }
    }
  }
  return found;
}

/** Names of the classes that the house's naming makes tests: `XxxTest` and `XxxIT`. */
List<String> testClasses(Path module) throws IOException {
  Path sources = module.resolve("src/test/java");
  if (!Files.isDirectory(sources)) {
    return List.of();
  }
  try (var files = Files.walk(sources)) {
    return files
        .map(file -> sources.relativize(file).toString())
        .filter(file -> file.endsWith("Test.java") || file.endsWith("IT.java"))
        .map(file -> file.replaceFirst("\\.java$", "").replace('/', '.'))
        .toList();
  }
}

List<String> skippedTests(Element suite) {
  List<String> found = new ArrayList<>();
  var skipped = suite.getElementsByTagName("skipped");
  for (int i = 0; i < skipped.getLength(); i++) {
    Node test = skipped.item(i).getParentNode();
    if (test instanceof Element testcase) {
      found.add(testcase.getAttribute("classname") + "." + testcase.getAttribute("name"));
    }
  }
  return found;
}

String outermost(String className) {
  int nested = className.indexOf('$');
  return nested < 0 ? className : className.substring(0, nested);
}

DocumentBuilder parser() throws Exception {
  return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
}
