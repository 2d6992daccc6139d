package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `CKM_AES_GCM` with its `CK_GCM_PARAMS` (PKCS #11 v2.40 mechanisms, section 2.12.1).
///
/// @param iv 12 bytes, never twice with one key
/// @param associated authenticated along with what is encrypted
record GcmParameters(Bytes iv, Bytes associated) {
  static final int IV_SIZE = 12;
  static final int TAG_SIZE = 16;

  private static final long AES_GCM = 0x1087;
  private static final long MECHANISM_SIZE = 24;
  private static final long PARAMETERS_SIZE = 48;

  MemorySegment in(Arena arena) {
    MemorySegment parameters = arena.allocate(PARAMETERS_SIZE, Long.BYTES);
    parameters.set(ValueLayout.ADDRESS, 0, arena.allocateFrom(ValueLayout.JAVA_BYTE, iv.toArray()));
    parameters.set(ValueLayout.JAVA_LONG, 8, iv.size());
    parameters.set(ValueLayout.JAVA_LONG, 16, 8L * iv.size());
    parameters.set(
        ValueLayout.ADDRESS, 24, arena.allocateFrom(ValueLayout.JAVA_BYTE, associated.toArray()));
    parameters.set(ValueLayout.JAVA_LONG, 32, associated.size());
    parameters.set(ValueLayout.JAVA_LONG, 40, 8L * TAG_SIZE);
    MemorySegment mechanism = arena.allocate(MECHANISM_SIZE, Long.BYTES);
    mechanism.set(ValueLayout.JAVA_LONG, 0, AES_GCM);
    mechanism.set(ValueLayout.ADDRESS, 8, parameters);
    mechanism.set(ValueLayout.JAVA_LONG, 16, PARAMETERS_SIZE);
    return mechanism;
  }
}
