package dev.countersign.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The class files that this build made, per module, read from each module's `target` directory.
///
/// Reading directories instead of the class path keeps the question "which module made this class?"
/// answerable, and keeps classes of libraries out.
final class BuiltClasses {

  /// The directory that holds all modules: tests run in their own module's directory.
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final JavaClasses PRODUCTION = read("target/classes");
  private static final JavaClasses TESTS = read("target/test-classes");

  private BuiltClasses() {}

  /// What ships: the main classes of every module.
  static JavaClasses production() {
    return PRODUCTION;
  }

  /// The test classes of every module, this one's included.
  static JavaClasses tests() {
    return TESTS;
  }

  /// The main classes that one module made.
  static List<JavaClass> madeBy(Module module) {
    Path classes = ROOT.resolve(module.directory()).resolve("target/classes");
    return PRODUCTION.stream()
        .filter(c -> c.getSource().filter(s -> Path.of(s.getUri()).startsWith(classes)).isPresent())
        .toList();
  }

  /// Whether the module has sources of its own, beyond the descriptions of its packages.
  static boolean hasSources(Module module) {
    Path sources = ROOT.resolve(module.directory()).resolve("src/main/java");
    if (!Files.isDirectory(sources)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(name -> name.endsWith(".java") && !name.equals("package-info.java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavaClasses read(String directory) {
    List<Path> directories =
        Stream.concat(Module.TABLE.stream().map(Module::directory), Stream.of("end-to-end"))
            .map(module -> ROOT.resolve(module).resolve(directory))
            .filter(Files::isDirectory)
            .toList();
    return new ClassFileImporter().importPaths(directories);
  }
}
