package dev.countersign.cli.approval;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.countersign.cli.CommandException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;

/// The few functions of a PKCS#11 library (v2.40) that one signature takes, for systems where
/// `unsigned long` has 8 bytes. The JDK's own provider neither finds a token by its label, nor a
/// key without a certificate, nor signs with Ed25519.
final class Cryptoki {
  private static final long ALREADY_INITIALIZED = 0x191;
  private static final long ALREADY_LOGGED_IN = 0x100;
  private static final long PIN_INCORRECT = 0xa0;
  private static final long PIN_LOCKED = 0xa4;
  private static final long SERIAL_SESSION = 4;
  private static final long USER = 1;
  private static final int TOKEN_INFO_SIZE = 208;
  private static final int LABEL_SIZE = 32;
  private static final int ATTRIBUTE_SIZE = 24;
  private static final int MOST_FOUND = 2;

  private final MemorySegment functions;
  private final Path library;

  private Cryptoki(MemorySegment functions, Path library) {
    this.functions = functions;
    this.library = library;
  }

  /// Loads and initialises the library, for the life of this process.
  @SuppressWarnings("restricted") // the program is started with native access
  static Cryptoki load(Path library) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment symbol =
          SymbolLookup.libraryLookup(library, Arena.global())
              .find("C_GetFunctionList")
              .orElseThrow(() -> new IllegalArgumentException("it has no C_GetFunctionList"));
      MemorySegment list = arena.allocate(ADDRESS);
      var get =
          Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
      long code = (long) get.invokeWithArguments(list);
      if (code != 0) {
        throw failed("C_GetFunctionList", code);
      }
      Cryptoki loaded = new Cryptoki(list.get(ADDRESS, 0).reinterpret(Long.BYTES * 69L), library);
      loaded.initialize(arena);
      return loaded;
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          "--pkcs11 %s is not a PKCS#11 library that can be loaded: %s"
              .formatted(library, e.getMessage()));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling C_GetFunctionList", e);
    }
  }

  private void initialize(Arena arena) {
    MemorySegment arguments = arena.allocate(48, Long.BYTES);
    arguments.set(JAVA_LONG, 32, 2L); // CKF_OS_LOCKING_OK
    long code = call(0, arguments);
    if (code != ALREADY_INITIALIZED) {
      check("C_Initialize", code);
    }
  }

  /// The slot of the one token with this label.
  long slot(String label) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_LONG);
      check("C_GetSlotList", call(4, (byte) 1, MemorySegment.NULL, count));
      long size = Math.max(1, count.get(JAVA_LONG, 0));
      MemorySegment slots = arena.allocate(JAVA_LONG, size);
      count.set(JAVA_LONG, 0, size);
      check("C_GetSlotList", call(4, (byte) 1, slots, count));
      OptionalLong found = OptionalLong.empty();
      for (long i = 0; i < count.get(JAVA_LONG, 0); i++) {
        MemorySegment info = arena.allocate(TOKEN_INFO_SIZE, Long.BYTES);
        long slot = slots.getAtIndex(JAVA_LONG, i);
        check("C_GetTokenInfo", call(6, slot, info));
        String name =
            new String(info.asSlice(0, LABEL_SIZE).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        if (name.stripTrailing().equals(label)) {
          if (found.isPresent()) {
            throw CommandException.unavailable("two tokens have the label " + label);
          }
          found = OptionalLong.of(slot);
        }
      }
      return found.orElseThrow(
          () ->
              CommandException.unavailable(
                  "%s shows no token with the label %s".formatted(library, label)));
    }
  }

  long openSession(long slot) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment session = arena.allocate(JAVA_LONG);
      check(
          "C_OpenSession",
          call(12, slot, SERIAL_SESSION, MemorySegment.NULL, MemorySegment.NULL, session));
      return session.get(JAVA_LONG, 0);
    }
  }

  void closeSession(long session) {
    call(13, session);
  }

  /// @param pin UTF-8; the copy made of it is wiped
  void logIn(long session, byte[] pin) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Math.max(1, pin.length));
      copy.asByteBuffer().put(pin);
      long code;
      try {
        code = call(18, session, USER, copy, (long) pin.length);
      } finally {
        copy.fill((byte) 0);
      }
      if (code == PIN_INCORRECT || code == PIN_LOCKED) {
        throw CommandException.unavailable(
            code == PIN_LOCKED
                ? "the token's PIN is locked: its security officer has to set it again"
                : "the PIN is wrong: the token counts such tries");
      }
      if (code != ALREADY_LOGGED_IN) {
        check("C_Login", code);
      }
    }
  }

  /// The objects, at most two of them, with these attributes.
  ///
  /// @param objectClass CKA_CLASS
  /// @param type of the other attribute
  long[] find(long session, long objectClass, long type, byte[] value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment template = arena.allocate(2L * ATTRIBUTE_SIZE, Long.BYTES);
      put(template, 0, 0, arena.allocateFrom(JAVA_LONG, objectClass));
      put(template, ATTRIBUTE_SIZE, type, arena.allocateFrom(JAVA_BYTE, value));
      check("C_FindObjectsInit", call(26, session, template, 2L));
      MemorySegment found = arena.allocate(JAVA_LONG, MOST_FOUND);
      MemorySegment count = arena.allocate(JAVA_LONG);
      long code = call(27, session, found, (long) MOST_FOUND, count);
      check("C_FindObjectsFinal", call(28, session));
      check("C_FindObjects", code);
      return Arrays.copyOf(found.toArray(JAVA_LONG), (int) count.get(JAVA_LONG, 0));
    }
  }

  private static void put(MemorySegment template, long at, long type, MemorySegment value) {
    template.set(JAVA_LONG, at, type);
    template.set(ADDRESS, at + 8, value);
    template.set(JAVA_LONG, at + 16, value.byteSize());
  }

  /// The value of an attribute that the object has.
  byte[] attribute(long session, long object, long type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(512, Long.BYTES);
      MemorySegment template = arena.allocate(ATTRIBUTE_SIZE, Long.BYTES);
      put(template, 0, type, value);
      check("C_GetAttributeValue", call(24, session, object, template, 1L));
      return value.asSlice(0, template.get(JAVA_LONG, 16)).toArray(JAVA_BYTE);
    }
  }

  /// A signature of 64 bytes.
  byte[] sign(long session, long mechanism, long key, byte[] data) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment structure = arena.allocate(24, Long.BYTES);
      structure.set(JAVA_LONG, 0, mechanism);
      check("C_SignInit", call(42, session, structure, key));
      MemorySegment signature = arena.allocate(64);
      MemorySegment size = arena.allocateFrom(JAVA_LONG, 64L);
      MemorySegment input = arena.allocateFrom(JAVA_BYTE, data);
      check("C_Sign", call(43, session, input, (long) data.length, signature, size));
      return signature.asSlice(0, size.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
    }
  }

  /// @param position of the function in `CK_FUNCTION_LIST`
  @SuppressWarnings("restricted") // the program is started with native access
  private long call(int position, Object... arguments) {
    MemoryLayout[] layouts =
        Arrays.stream(arguments).map(Cryptoki::layout).toArray(MemoryLayout[]::new);
    MemorySegment function = functions.get(ADDRESS, Long.BYTES * (1L + position));
    try {
      return (long)
          Linker.nativeLinker()
              .downcallHandle(function, FunctionDescriptor.of(JAVA_LONG, layouts))
              .invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling " + library, e);
    }
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case Long number -> JAVA_LONG;
      case Byte flag -> JAVA_BYTE;
      case MemorySegment segment -> ADDRESS;
      default -> throw new IllegalArgumentException("no layout for " + argument.getClass());
    };
  }

  private static void check(String function, long code) {
    if (code != 0) {
      throw failed(function, code);
    }
  }

  private static CommandException failed(String function, long code) {
    return CommandException.unavailable(
        "the token refuses: %s returned 0x%x".formatted(function, code));
  }
}
