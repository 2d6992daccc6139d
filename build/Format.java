import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/** Formats every Java source of ours (`write`), or names those that differ and fails (`check`). */
void main(String[] args) throws Exception {
  boolean write = args[0].equals("write");
  List<Path> different = new ArrayList<>();
  Formatter formatter = new Formatter();
  Path stamp = Path.of(args[1], "target", "formatted");
  long checked = Files.exists(stamp) ? Files.getLastModifiedTime(stamp).toMillis() : 0;
  long began = System.currentTimeMillis();
  try (var files = Files.walk(Path.of(args[1]))) {
    for (Path file : files.filter(this::isOurs).toList()) {
      if (Files.getLastModifiedTime(file).toMillis() < checked) {
        continue;
      }
      String before = Files.readString(file);
      String after = formatter.formatSourceAndFixImports(wrapMarkdownComments(before));
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
    System.exit(1);
  }
  // What has not changed since is not looked at again: formatting everything takes seconds.
  Files.createDirectories(stamp.getParent());
  Files.writeString(stamp, "");
  Files.setLastModifiedTime(stamp, FileTime.fromMillis(began));
}

boolean isOurs(Path file) {
  String path = file.toString();
  return path.endsWith(".java")
      && path.contains("/src/")
      && !path.contains("/target/")
      && !path.contains("/node_modules/");
}

static final int WIDTH = 100;

/** The formatter breaks a long `///` line into a `///` and a `//` line, which javac rejects. */
String wrapMarkdownComments(String source) {
  List<String> wrapped = new ArrayList<>();
  String carry = "";
  for (String line : source.split("\n", -1)) {
    String indent = line.substring(0, line.length() - line.stripLeading().length());
    boolean isComment = line.startsWith("///", indent.length());
    if (!carry.isEmpty()) {
      String text = isComment ? line.substring(indent.length() + 3).strip() : "";
      boolean continues = !text.isEmpty() && !text.matches("([@#>|*-]|```).*");
      if (continues) {
        line = carry + " " + text;
      } else {
        wrapped.add(carry);
      }
      isComment |= continues;
      carry = "";
    }
    int space = line.lastIndexOf(' ', WIDTH);
    if (isComment && line.length() > WIDTH && space > indent.length() + 4) {
      wrapped.add(line.substring(0, space));
      carry = indent + "/// " + line.substring(space + 1);
    } else {
      wrapped.add(line);
    }
  }
  return String.join("\n", wrapped);
}
