package dev.countersign.hsm.pkcs11;

import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The connection that SunPKCS11 holds to a PKCS#11 library. SunPKCS11 initialises it once in a
/// process and never finalises it, so that it stays dead once its token was lost; this reaches past
/// it. Some libraries (p11-kit's client) keep a state for each connection, so that restarting ours
/// is not enough.
final class SunCryptoki {
  private static final String PACKAGE = "sun.security.pkcs11.wrapper";
  private static final String MODULE = "jdk.crypto.cryptoki";

  private final Object connection;
  private final Object arguments;
  private final Method initialize;
  private final Method finish;

  private SunCryptoki(Object connection, Object arguments, Method initialize, Method finish) {
    this.connection = connection;
    this.arguments = arguments;
    this.initialize = initialize;
    this.finish = finish;
  }

  /// Connects, or takes the connection of this path that there is, without initialising it.
  ///
  /// @param library as SunPKCS11 will be given it
  /// @throws KeyBackendException of kind BROKEN when this JVM does not let us
  static SunCryptoki of(Path library) {
    try {
      Class<?> type = Class.forName(PACKAGE + ".PKCS11");
      Class<?> argumentsType = Class.forName(PACKAGE + ".CK_C_INITIALIZE_ARGS");
      Method initialize = type.getDeclaredMethod("C_Initialize", Object.class);
      Method finish = type.getMethod("C_Finalize", Object.class);
      if (!initialize.trySetAccessible() || !finish.trySetAccessible()) {
        throw new KeyBackendException(
            Kind.BROKEN,
            "this JVM cannot restart a lost token; start it with --add-opens=%s/%s=ALL-UNNAMED"
                .formatted(MODULE, PACKAGE));
      }
      Object arguments = argumentsType.getConstructor().newInstance();
      argumentsType.getField("flags").setLong(arguments, Cryptoki.OS_LOCKING);
      Object connection =
          type.getMethod("getInstance", String.class, String.class, argumentsType, boolean.class)
              .invoke(null, library.toString(), null, arguments, true);
      return new SunCryptoki(connection, arguments, initialize, finish);
    } catch (ReflectiveOperationException e) {
      throw new KeyBackendException(
          Kind.BROKEN, "SunPKCS11 is not as it is in JDK 25: " + library, e);
    }
  }

  /// @throws IllegalStateException with the cause when it cannot be; nothing when it is already
  void initialize() {
    call(initialize, arguments, ReturnValue.CKR_CRYPTOKI_ALREADY_INITIALIZED);
  }

  /// Nothing happens when it is not initialised.
  void finish() {
    call(finish, null, ReturnValue.CKR_CRYPTOKI_NOT_INITIALIZED);
  }

  private void call(Method method, @Nullable Object argument, ReturnValue fine) {
    try {
      method.invoke(connection, argument);
    } catch (InvocationTargetException e) {
      String message = String.valueOf(e.getCause() == null ? null : e.getCause().getMessage());
      if (!message.startsWith(fine.name())) {
        throw new IllegalStateException(method.getName() + " of SunPKCS11", e.getCause());
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("was accessible when it was looked up", e);
    }
  }
}
