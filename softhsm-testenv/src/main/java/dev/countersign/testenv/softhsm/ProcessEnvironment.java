package dev.countersign.testenv.softhsm;

import dev.countersign.testenv.TestEnvironmentException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;

/// Sets variables in the C library's environment of this process (`setenv(3)`), where native
/// libraries look, and which Java itself cannot change.
final class ProcessEnvironment {
  private static final Map<String, String> SET = new HashMap<>();

  private ProcessEnvironment() {}

  /// Sets the variable; setting the same value again does nothing.
  static void setOnce(String name, String value) {
    synchronized (SET) {
      var current = SET.get(name);
      if (value.equals(current)) {
        return;
      }
      if (current != null) {
        throw new TestEnvironmentException(
            name
                + " is already "
                + current
                + " in this process, and the library that read it keeps that; "
                + value
                + " needs a process of its own");
      }
      setenv(name, value);
      SET.put(name, value);
    }
  }

  // Linker and invokeExact: restricted and checked-throws by design; the JVM is started with
  // --enable-native-access.
  @SuppressWarnings("restricted")
  private static void setenv(String name, String value) {
    var linker = Linker.nativeLinker();
    MethodHandle setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      int result = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      if (result != 0) {
        throw new TestEnvironmentException("setenv(" + name + ") failed: no memory");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new TestEnvironmentException("setenv(" + name + ") failed: " + e, e);
    }
  }
}
