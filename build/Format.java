import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Formats every Java source of ours (`write`), or names those that differ and fails (`check`). */
void main(String[] args) throws Exception {
  boolean write = args[0].equals("write");
  List<Path> different = new ArrayList<>();
  Formatter formatter = new Formatter();
  try (var files = Files.walk(Path.of(args[1]))) {
    for (Path file : files.filter(this::isOurs).toList()) {
      String before = Files.readString(file);
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
    IO.println("Run: mvn -N validate -Dformat.mode=write");
    System.exit(1);
  }
}

boolean isOurs(Path file) {
  String path = file.toString();
  return path.endsWith(".java")
      && path.contains("/src/")
      && !path.contains("/target/")
      && !path.contains("/node_modules/");
}
