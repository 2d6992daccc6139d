package dev.countersign.mpc.group;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import fr.acinq.secp256k1.Secp256k1;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/// The functions of libsecp256k1 that the points of [Secp256k1Group] are made of. Keys are 64 bytes
/// in the library's own form, scalars 32 bytes.
///
/// The library ends the process when it gets a key that it has not made itself; so all that is
/// passed on as a key comes out of here, and the identity, of which it has no key, does not.
@SuppressWarnings("restricted")
final class Libsecp256k1 {
  static final int KEY_BYTES = 64;

  private static final int UNCOMPRESSED_BYTES = 65;
  private static final int CONTEXT_NONE = 1;
  private static final int COMPRESSED = 258;
  private static final Linker LINKER = Linker.nativeLinker();

  /// Arrays go to the function as they are: it runs for microseconds and calls nothing back.
  private static final Linker.Option ON_HEAP = Linker.Option.critical(true);

  private static final SymbolLookup LIBRARY = library();
  private static final MethodHandle RANDOMIZE =
      function("secp256k1_context_randomize", null, ADDRESS, ADDRESS);
  private static final MethodHandle CREATE =
      function("secp256k1_ec_pubkey_create", ON_HEAP, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle PARSE =
      function("secp256k1_ec_pubkey_parse", ON_HEAP, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle SERIALIZE =
      function(
          "secp256k1_ec_pubkey_serialize", ON_HEAP, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle NEGATE =
      function("secp256k1_ec_pubkey_negate", ON_HEAP, ADDRESS, ADDRESS);
  private static final MethodHandle TWEAK_MULTIPLY =
      function("secp256k1_ec_pubkey_tweak_mul", ON_HEAP, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle COMBINE =
      function("secp256k1_ec_pubkey_combine", null, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle ECDH =
      function("secp256k1_ecdh", null, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

  private static final MemorySegment KEEP_COORDINATES = keepCoordinates();
  private static final MemorySegment CONTEXT = context();

  private Libsecp256k1() {}

  private static SymbolLookup library() {
    // Loads it from its jar, into the class loader that we have in common.
    Secp256k1.get();
    return SymbolLookup.loaderLookup();
  }

  private static MethodHandle function(
      String name, Linker.@org.jspecify.annotations.Nullable Option option, MemoryLayout... in) {
    return LINKER.downcallHandle(
        LIBRARY.findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, in),
        option == null ? new Linker.Option[0] : new Linker.Option[] {option});
  }

  /// What `secp256k1_ecdh` does with the product: nothing, it is wanted as it is.
  private static MemorySegment keepCoordinates() {
    try {
      MethodHandle keep =
          MethodHandles.lookup()
              .findStatic(
                  Libsecp256k1.class,
                  "keep",
                  MethodType.methodType(
                      int.class,
                      MemorySegment.class,
                      MemorySegment.class,
                      MemorySegment.class,
                      MemorySegment.class));
      return LINKER.upcallStub(
          keep,
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
          Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no callback for libsecp256k1", e);
    }
  }

  @SuppressWarnings("UnusedMethod") // the library calls it
  private static int keep(
      MemorySegment out, MemorySegment x, MemorySegment y, MemorySegment unused) {
    MemorySegment both = out.reinterpret(2L * ScalarField.BYTES);
    MemorySegment.copy(x.reinterpret(ScalarField.BYTES), 0, both, 0, ScalarField.BYTES);
    MemorySegment.copy(
        y.reinterpret(ScalarField.BYTES), 0, both, ScalarField.BYTES, ScalarField.BYTES);
    return 1;
  }

  /// Only [#blind] writes to it, so that all threads share it.
  private static MemorySegment context() {
    MethodHandle create =
        LINKER.downcallHandle(
            LIBRARY.findOrThrow("secp256k1_context_create"),
            FunctionDescriptor.of(ADDRESS, JAVA_INT));
    try {
      return (MemorySegment) create.invokeExact(CONTEXT_NONE);
    } catch (Throwable e) {
      throw new LinkageError("libsecp256k1 gave no context", e);
    }
  }

  /// Has the library blind what it does with secrets, against side channels. Not while it works.
  static void blind(SecureRandom random) {
    byte[] seed = new byte[ScalarField.BYTES];
    random.nextBytes(seed);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocateFrom(JAVA_BYTE, seed);
      succeeded((int) RANDOMIZE.invokeExact(CONTEXT, copy), "secp256k1_context_randomize");
      copy.fill((byte) 0);
    } catch (Throwable e) {
      throw failed(e);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /// The scalar, which is not zero, times the generator; in constant time.
  static byte[] create(byte[] scalar) {
    byte[] key = new byte[KEY_BYTES];
    try {
      succeeded(
          (int) CREATE.invokeExact(CONTEXT, heap(key), heap(scalar)), "secp256k1_ec_pubkey_create");
    } catch (Throwable e) {
      throw failed(e);
    }
    return key;
  }

  /// @return whether the bytes, 33 or 65, are a point
  static boolean parse(byte[] key, byte[] encoded) {
    try {
      return (int) PARSE.invokeExact(CONTEXT, heap(key), heap(encoded), (long) encoded.length) == 1;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// 33 bytes.
  static byte[] serialize(byte[] key) {
    byte[] encoded = new byte[33];
    long[] length = {encoded.length};
    try {
      succeeded(
          (int)
              SERIALIZE.invokeExact(
                  CONTEXT, heap(encoded), MemorySegment.ofArray(length), heap(key), COMPRESSED),
          "secp256k1_ec_pubkey_serialize");
    } catch (Throwable e) {
      throw failed(e);
    }
    return encoded;
  }

  static byte[] negate(byte[] key) {
    byte[] negated = key.clone();
    try {
      succeeded((int) NEGATE.invokeExact(CONTEXT, heap(negated)), "secp256k1_ec_pubkey_negate");
    } catch (Throwable e) {
      throw failed(e);
    }
    return negated;
  }

  /// The key times a scalar that is public and not zero.
  static byte[] multiplyPublic(byte[] key, byte[] scalar) {
    byte[] product = key.clone();
    try {
      succeeded(
          (int) TWEAK_MULTIPLY.invokeExact(CONTEXT, heap(product), heap(scalar)),
          "secp256k1_ec_pubkey_tweak_mul");
    } catch (Throwable e) {
      throw failed(e);
    }
    return product;
  }

  /// The key times a scalar that is not zero; in constant time.
  static byte[] multiply(byte[] key, byte[] scalar) {
    byte[] encoded = new byte[UNCOMPRESSED_BYTES];
    encoded[0] = 4;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment point = arena.allocateFrom(JAVA_BYTE, key);
      MemorySegment secret = arena.allocateFrom(JAVA_BYTE, scalar);
      MemorySegment product = arena.allocate(KEY_BYTES);
      succeeded(
          (int)
              ECDH.invokeExact(
                  CONTEXT, product, point, secret, KEEP_COORDINATES, MemorySegment.NULL),
          "secp256k1_ecdh");
      MemorySegment.copy(product, JAVA_BYTE, 0, encoded, 1, KEY_BYTES);
      secret.fill((byte) 0);
      product.fill((byte) 0);
    } catch (Throwable e) {
      throw failed(e);
    }
    byte[] key2 = new byte[KEY_BYTES];
    if (!parse(key2, encoded)) {
      throw new IllegalStateException("libsecp256k1 made a product that is no point");
    }
    Arrays.fill(encoded, (byte) 0);
    return key2;
  }

  /// @param sum where it goes; unchanged when it is the identity
  /// @return whether it is not the identity
  static boolean combine(byte[] sum, List<byte[]> keys) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate((long) KEY_BYTES * keys.size());
      MemorySegment pointers = arena.allocate(ADDRESS, keys.size());
      for (int i = 0; i < keys.size(); i++) {
        MemorySegment one = all.asSlice((long) i * KEY_BYTES, KEY_BYTES);
        one.copyFrom(heap(keys.get(i)));
        pointers.setAtIndex(ADDRESS, i, one);
      }
      MemorySegment out = arena.allocate(KEY_BYTES);
      boolean made = (int) COMBINE.invokeExact(CONTEXT, out, pointers, (long) keys.size()) == 1;
      if (made) {
        MemorySegment.copy(out, JAVA_BYTE, 0, sum, 0, KEY_BYTES);
      }
      return made;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static MemorySegment heap(byte[] bytes) {
    return MemorySegment.ofArray(bytes);
  }

  private static void succeeded(int result, String function) {
    if (result != 1) {
      throw new IllegalStateException(function + " refused what it was given");
    }
  }

  private static RuntimeException failed(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("libsecp256k1", cause);
  }
}
