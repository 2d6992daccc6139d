import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/** Formats every Java source of ours (`write`), or names those that differ and fails (`check`). */
void main(String[] args) throws Exception {
  boolean write = args[0].equals("write");
  Path stamp = Path.of(args[1], "target", "formatted");
  long checked = Files.exists(stamp) ? Files.getLastModifiedTime(stamp).toMillis() : 0;
  long began = System.currentTimeMillis();
  List<Path> ours;
  try (var files = Files.walk(Path.of(args[1]))) {
    ours = files.filter(this::isOurs).toList();
  }
  // On all cores: in a fresh clone the whole build waits for it.
  List<Path> different =
      ours.parallelStream()
          .filter(file -> lastChanged(file) >= checked && isDifferent(file, write))
          .toList();
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

long lastChanged(Path file) {
  try {
    return Files.getLastModifiedTime(file).toMillis();
  } catch (IOException e) {
    throw new UncheckedIOException(e);
  }
}

/** Whether it is not formatted; is written when it shall be. */
boolean isDifferent(Path file, boolean write) {
  try {
    String before = Files.readString(file);
    String after = new Formatter().formatSourceAndFixImports(wrapMarkdownComments(before));
    if (write && !before.equals(after)) {
      Files.writeString(file, after);
    }
    return !before.equals(after);
  } catch (IOException e) {
    throw new UncheckedIOException(e);
  } catch (FormatterException e) {
    throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
  }
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
