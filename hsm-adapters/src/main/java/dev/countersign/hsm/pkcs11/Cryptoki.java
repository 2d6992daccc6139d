package dev.countersign.hsm.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The functions of a PKCS#11 library that this package calls itself (PKCS #11 v2.40, section 5),
/// one method for each. For systems where `unsigned long` has 8 bytes (Linux and macOS on 64 bits).
///
/// Sessions and object handles are plain numbers and belong to the library's run between
/// `C_Initialize` and `C_Finalize`; a number from an earlier run may name something else now.
/// Every method throws [CryptokiException] when the function does not return `CKR_OK`.
final class Cryptoki {
  /// `CKF_OS_LOCKING_OK`: threads may call at once.
  static final long OS_LOCKING = 2;

  /// `CKF_RW_SESSION | CKF_SERIAL_SESSION`.
  private static final long READ_WRITE_SESSION = 6;

  /// `CKU_USER`.
  private static final long USER = 1;

  private static final long INITIALIZE_ARGUMENTS_SIZE = 48;
  private static final long MECHANISM_SIZE = 24;
  private static final int TOKEN_INFO_SIZE = 208;
  private static final int LABEL_SIZE = 32;
  private static final long TOKEN_FLAGS_OFFSET = 96;
  private static final int FOUND_AT_ONCE = 64;
  private static final long UNAVAILABLE = -1L;

  /// What a token says of itself.
  ///
  /// @param loginRequired whether private objects are hidden before a login
  record TokenInfo(long slot, String label, boolean loginRequired, boolean initialized) {
    private static final long LOGIN_REQUIRED = 0x4;
    private static final long INITIALIZED = 0x400;

    private static TokenInfo of(long slot, MemorySegment info) {
      byte[] label = info.asSlice(0, LABEL_SIZE).toArray(JAVA_BYTE);
      long flags = info.get(JAVA_LONG, TOKEN_FLAGS_OFFSET);
      return new TokenInfo(
          slot,
          new String(label, StandardCharsets.UTF_8).stripTrailing(),
          (flags & LOGIN_REQUIRED) != 0,
          (flags & INITIALIZED) != 0);
    }
  }

  record KeyPair(long publicKey, long privateKey) {}

  /// A function by its position in `CK_FUNCTION_LIST`.
  private record Function(String name, int position, FunctionDescriptor descriptor) {
    private static Function of(String name, int position, MemoryLayout... arguments) {
      return new Function(name, position, FunctionDescriptor.of(JAVA_LONG, arguments));
    }
  }

  private static final Function INITIALIZE = Function.of("C_Initialize", 0, ADDRESS);
  private static final Function FINALIZE = Function.of("C_Finalize", 1, ADDRESS);
  private static final Function GET_SLOT_LIST =
      Function.of("C_GetSlotList", 4, JAVA_BYTE, ADDRESS, ADDRESS);
  private static final Function GET_TOKEN_INFO =
      Function.of("C_GetTokenInfo", 6, JAVA_LONG, ADDRESS);
  private static final Function OPEN_SESSION =
      Function.of("C_OpenSession", 12, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
  private static final Function CLOSE_SESSION = Function.of("C_CloseSession", 13, JAVA_LONG);
  private static final Function GET_SESSION_INFO =
      Function.of("C_GetSessionInfo", 15, JAVA_LONG, ADDRESS);
  private static final Function LOGIN =
      Function.of("C_Login", 18, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final Function CREATE_OBJECT =
      Function.of("C_CreateObject", 20, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
  private static final Function DESTROY_OBJECT =
      Function.of("C_DestroyObject", 22, JAVA_LONG, JAVA_LONG);
  private static final Function GET_ATTRIBUTE_VALUE =
      Function.of("C_GetAttributeValue", 24, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final Function FIND_OBJECTS_INIT =
      Function.of("C_FindObjectsInit", 26, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final Function FIND_OBJECTS =
      Function.of("C_FindObjects", 27, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
  private static final Function FIND_OBJECTS_FINAL =
      Function.of("C_FindObjectsFinal", 28, JAVA_LONG);
  private static final Function ENCRYPT_INIT =
      Function.of("C_EncryptInit", 29, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final Function ENCRYPT =
      Function.of("C_Encrypt", 30, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
  private static final Function DECRYPT_INIT =
      Function.of("C_DecryptInit", 33, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final Function DECRYPT =
      Function.of("C_Decrypt", 34, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
  private static final Function SIGN_INIT =
      Function.of("C_SignInit", 42, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final Function SIGN =
      Function.of("C_Sign", 43, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
  private static final Function GENERATE_KEY =
      Function.of("C_GenerateKey", 58, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final Function GENERATE_KEY_PAIR =
      Function.of(
          "C_GenerateKeyPair",
          59,
          JAVA_LONG,
          ADDRESS,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          ADDRESS);
  /// `CK_FUNCTION_LIST`: the version, two bytes and padding, then 68 pointers.
  private static final long FUNCTION_LIST_SIZE = Long.BYTES * (1L + 68);

  private final MemorySegment functionList;
  private final Map<Function, MethodHandle> handles = new ConcurrentHashMap<>();

  private Cryptoki(MemorySegment functionList) {
    this.functionList = functionList;
  }

  /// Loads the library for the life of this process, without initialising it.
  ///
  /// @throws IllegalArgumentException when the file cannot be loaded, or is not a PKCS#11 library
  @SuppressWarnings("restricted") // the process is started with --enable-native-access
  static Cryptoki load(Path library) {
    MemorySegment symbol =
        SymbolLookup.libraryLookup(library, Arena.global())
            .find("C_GetFunctionList")
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        library + " has no C_GetFunctionList: not a PKCS#11 library"));
    MethodHandle getFunctionList =
        Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(ADDRESS);
      invoke("C_GetFunctionList", getFunctionList, pointer);
      return new Cryptoki(pointer.get(ADDRESS, 0).reinterpret(FUNCTION_LIST_SIZE));
    }
  }

  /// Nothing happens when it is initialised.
  void initialize() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = arena.allocate(INITIALIZE_ARGUMENTS_SIZE, Long.BYTES);
      arguments.set(JAVA_LONG, 4L * Long.BYTES, OS_LOCKING);
      call(INITIALIZE, arguments);
    } catch (CryptokiException e) {
      if (e.code() != ReturnValue.CKR_CRYPTOKI_ALREADY_INITIALIZED.code()) {
        throw e;
      }
    }
  }

  void finish() {
    call(FINALIZE, MemorySegment.NULL);
  }

  /// The tokens that are present.
  List<TokenInfo> tokens() {
    try (Arena arena = Arena.ofConfined()) {
      byte present = 1;
      MemorySegment count = arena.allocate(JAVA_LONG);
      call(GET_SLOT_LIST, present, MemorySegment.NULL, count);
      long[] slots = new long[0];
      if (count.get(JAVA_LONG, 0) > 0) {
        MemorySegment list = arena.allocate(JAVA_LONG, count.get(JAVA_LONG, 0));
        call(GET_SLOT_LIST, present, list, count);
        slots = list.asSlice(0, Long.BYTES * count.get(JAVA_LONG, 0)).toArray(JAVA_LONG);
      }
      List<TokenInfo> tokens = new ArrayList<>();
      for (long slot : slots) {
        MemorySegment info = arena.allocate(TOKEN_INFO_SIZE, Long.BYTES);
        call(GET_TOKEN_INFO, slot, info);
        tokens.add(TokenInfo.of(slot, info));
      }
      return tokens;
    }
  }

  long openSession(long slot) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment session = arena.allocate(JAVA_LONG);
      call(OPEN_SESSION, slot, READ_WRITE_SESSION, MemorySegment.NULL, MemorySegment.NULL, session);
      return session.get(JAVA_LONG, 0);
    }
  }

  void closeSession(long session) {
    call(CLOSE_SESSION, session);
  }

  /// Logs the user in, for all sessions with this token; nothing happens when it is already.
  ///
  /// @param pin UTF-8; the copy made of it is wiped
  void logIn(long session, byte[] pin) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocateFrom(JAVA_BYTE, pin);
      try {
        call(LOGIN, session, USER, copy, (long) pin.length);
      } finally {
        copy.fill((byte) 0);
      }
    } catch (CryptokiException e) {
      if (e.code() != ReturnValue.CKR_USER_ALREADY_LOGGED_IN.code()) {
        throw e;
      }
    }
  }

  /// Returns when, and only when, the session is still there.
  void checkSession(long session) {
    try (Arena arena = Arena.ofConfined()) {
      call(GET_SESSION_INFO, session, arena.allocate(4L * Long.BYTES, Long.BYTES));
    }
  }

  /// The handles of the objects that have all of `attributes`.
  List<Long> find(long session, Template attributes) {
    try (Arena arena = Arena.ofConfined()) {
      call(FIND_OBJECTS_INIT, session, attributes.in(arena), (long) attributes.size());
      try {
        List<Long> found = new ArrayList<>();
        MemorySegment handles = arena.allocate(JAVA_LONG, FOUND_AT_ONCE);
        MemorySegment count = arena.allocate(JAVA_LONG);
        do {
          call(FIND_OBJECTS, session, handles, (long) FOUND_AT_ONCE, count);
          for (long i = 0; i < count.get(JAVA_LONG, 0); i++) {
            found.add(handles.getAtIndex(JAVA_LONG, i));
          }
        } while (count.get(JAVA_LONG, 0) > 0);
        return found;
      } finally {
        call(FIND_OBJECTS_FINAL, session);
      }
    }
  }

  /// The value of one attribute, or nothing when the object has none.
  Optional<byte[]> attribute(long session, long object, Attribute attribute) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(Template.ENTRY_SIZE, Long.BYTES);
      entry.set(JAVA_LONG, 0, attribute.type());
      call(GET_ATTRIBUTE_VALUE, session, object, entry, 1L);
      long length = entry.get(JAVA_LONG, Template.LENGTH_OFFSET);
      if (length == UNAVAILABLE || length == 0) {
        return Optional.empty();
      }
      MemorySegment value = arena.allocate(length);
      entry.set(ADDRESS, Template.POINTER_OFFSET, value);
      call(GET_ATTRIBUTE_VALUE, session, object, entry, 1L);
      return Optional.of(
          value.asSlice(0, entry.get(JAVA_LONG, Template.LENGTH_OFFSET)).toArray(JAVA_BYTE));
    } catch (CryptokiException e) {
      if (e.code() == ReturnValue.CKR_ATTRIBUTE_TYPE_INVALID.code()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  long createObject(long session, Template attributes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment object = arena.allocate(JAVA_LONG);
      call(CREATE_OBJECT, session, attributes.in(arena), (long) attributes.size(), object);
      return object.get(JAVA_LONG, 0);
    }
  }

  void destroyObject(long session, long object) {
    call(DESTROY_OBJECT, session, object);
  }

  long generateKey(long session, long mechanism, Template key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(JAVA_LONG);
      call(
          GENERATE_KEY,
          session,
          mechanism(arena, mechanism),
          key.in(arena),
          (long) key.size(),
          handle);
      return handle.get(JAVA_LONG, 0);
    }
  }

  KeyPair generateKeyPair(long session, long mechanism, Template publicKey, Template privateKey) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment publicHandle = arena.allocate(JAVA_LONG);
      MemorySegment privateHandle = arena.allocate(JAVA_LONG);
      call(
          GENERATE_KEY_PAIR,
          session,
          mechanism(arena, mechanism),
          publicKey.in(arena),
          (long) publicKey.size(),
          privateKey.in(arena),
          (long) privateKey.size(),
          publicHandle,
          privateHandle);
      return new KeyPair(publicHandle.get(JAVA_LONG, 0), privateHandle.get(JAVA_LONG, 0));
    }
  }

  /// Signs in one go. `size` is the most bytes that the signature can have.
  byte[] sign(long session, long mechanism, long key, byte[] data, int size) {
    try (Arena arena = Arena.ofConfined()) {
      call(SIGN_INIT, session, mechanism(arena, mechanism), key);
      MemorySegment signature = arena.allocate(size);
      MemorySegment length = arena.allocateFrom(JAVA_LONG, size);
      call(
          SIGN,
          session,
          arena.allocateFrom(JAVA_BYTE, data),
          (long) data.length,
          signature,
          length);
      return signature.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
    }
  }

  /// The ciphertext and the tag behind it. The copies made of `plain` are wiped.
  byte[] encrypt(long session, GcmParameters gcm, long key, byte[] plain) {
    return crypt(ENCRYPT_INIT, ENCRYPT, session, gcm, key, plain);
  }

  /// What [#encrypt] was given, for the caller to wipe; other copies are wiped.
  byte[] decrypt(long session, GcmParameters gcm, long key, byte[] encrypted) {
    return crypt(DECRYPT_INIT, DECRYPT, session, gcm, key, encrypted);
  }

  private byte[] crypt(
      Function init, Function run, long session, GcmParameters gcm, long key, byte[] data) {
    try (Arena arena = Arena.ofConfined()) {
      call(init, session, gcm.in(arena), key);
      MemorySegment input = arena.allocateFrom(JAVA_BYTE, data);
      // Some tokens want room for the tag when they take it off, too.
      MemorySegment output = arena.allocate((long) data.length + GcmParameters.TAG_SIZE);
      MemorySegment length = arena.allocateFrom(JAVA_LONG, output.byteSize());
      try {
        call(run, session, input, (long) data.length, output, length);
        return output.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
      } finally {
        input.fill((byte) 0);
        output.fill((byte) 0);
      }
    }
  }

  private static MemorySegment mechanism(Arena arena, long mechanism) {
    MemorySegment structure = arena.allocate(MECHANISM_SIZE, Long.BYTES);
    structure.set(JAVA_LONG, 0, mechanism);
    return structure;
  }

  private void call(Function function, Object... arguments) {
    invoke(function.name(), handles.computeIfAbsent(function, this::downcall), arguments);
  }

  private static void invoke(String name, MethodHandle function, Object... arguments) {
    long code;
    try {
      code = (long) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling " + name, e);
    }
    if (code != ReturnValue.CKR_OK.code()) {
      throw new CryptokiException(name, code);
    }
  }

  @SuppressWarnings("restricted") // the process is started with --enable-native-access
  private MethodHandle downcall(Function function) {
    MemorySegment address = functionList.get(ADDRESS, Long.BYTES * (1L + function.position()));
    return Linker.nativeLinker().downcallHandle(address, function.descriptor());
  }
}
