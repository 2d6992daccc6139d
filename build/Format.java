import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Formats every Java source of ours (`write`), or names those that differ and fails (`check`). */
void main(String[] args) throws Exception {
  boolean write = args[0].equals("write");
  List<Path> different = new ArrayList<>();
  List<String> longDocLines = new ArrayList<>();
  Formatter formatter = new Formatter();
  try (var files = Files.walk(Path.of(args[1]))) {
    for (Path file : files.filter(this::isOurs).toList()) {
      String before = Files.readString(file);
      List<String> tooLong = longDocLines(file, before);
      if (!tooLong.isEmpty()) {
        longDocLines.addAll(tooLong);
        continue;
      }
      String after = formatter.formatSourceAndFixImports(before);
      if (before.equals(after)) {
        continue;
      }
      different.add(file);
      if (write) {
        Files.writeString(file, after);
      }
    }
  }
  different.forEach(file -> IO.println((write ? "formatted " : "not formatted: ") + file));
  if (!write && !different.isEmpty()) {
    IO.println("google-java-format disagrees. Run: mvn -N validate -Dformat.mode=write");
  }
  if (!longDocLines.isEmpty()) {
    longDocLines.forEach(IO::println);
    IO.println("The formatter would tear these out of their doc comment: wrap them at 100 columns.");
  }
  if (!longDocLines.isEmpty() || (!write && !different.isEmpty())) {
    System.exit(1);
  }
}

/** A `///` line over 100 columns: its tail would become a `//` line and end the doc comment. */
List<String> longDocLines(Path file, String source) {
  List<String> found = new ArrayList<>();
  int number = 0;
  for (String line : source.lines().toList()) {
    number++;
    if (line.strip().startsWith("///") && line.length() > 100) {
      found.add("doc line over 100 columns: " + file + ":" + number);
    }
  }
  return found;
}

boolean isOurs(Path file) {
  String path = file.toString();
  return path.endsWith(".java")
      && path.contains("/src/")
      && !path.contains("/target/")
      && !path.contains("/node_modules/");
}
