package dev.countersign.hsm.pkcs11;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The PKCS#11 return values that this package acts on (PKCS #11 v2.40, section 3.6), with what
/// helps against each.
enum ReturnValue {
  CKR_OK(0x00, Remedy.NONE),
  CKR_HOST_MEMORY(0x02, Remedy.NONE),
  CKR_GENERAL_ERROR(0x05, Remedy.NONE),
  CKR_FUNCTION_FAILED(0x06, Remedy.NONE),
  CKR_ATTRIBUTE_TYPE_INVALID(0x12, Remedy.NONE),
  CKR_ENCRYPTED_DATA_INVALID(0x40, Remedy.NONE),
  CKR_AEAD_DECRYPT_FAILED(0x42, Remedy.NONE),
  CKR_DEVICE_ERROR(0x30, Remedy.RESTART_LIBRARY),
  CKR_DEVICE_REMOVED(0x32, Remedy.RESTART_LIBRARY),
  CKR_KEY_HANDLE_INVALID(0x60, Remedy.LOG_IN_AGAIN),
  CKR_KEY_SIZE_RANGE(0x62, Remedy.MEND_KEY),
  CKR_KEY_TYPE_INCONSISTENT(0x63, Remedy.MEND_KEY),
  CKR_KEY_FUNCTION_NOT_PERMITTED(0x68, Remedy.MEND_KEY),
  CKR_MECHANISM_INVALID(0x70, Remedy.MEND_KEY),
  CKR_OBJECT_HANDLE_INVALID(0x82, Remedy.LOG_IN_AGAIN),
  CKR_PIN_INCORRECT(0xA0, Remedy.MEND_PIN),
  CKR_PIN_INVALID(0xA1, Remedy.MEND_PIN),
  CKR_PIN_LEN_RANGE(0xA2, Remedy.MEND_PIN),
  CKR_PIN_EXPIRED(0xA3, Remedy.MEND_PIN),
  CKR_PIN_LOCKED(0xA4, Remedy.MEND_PIN),
  CKR_SESSION_CLOSED(0xB0, Remedy.RESTART_LIBRARY),
  CKR_SESSION_HANDLE_INVALID(0xB3, Remedy.RESTART_LIBRARY),
  CKR_TOKEN_NOT_PRESENT(0xE0, Remedy.RESTART_LIBRARY),
  CKR_TOKEN_NOT_RECOGNIZED(0xE1, Remedy.RESTART_LIBRARY),
  CKR_USER_ALREADY_LOGGED_IN(0x100, Remedy.NONE),
  CKR_USER_NOT_LOGGED_IN(0x101, Remedy.LOG_IN_AGAIN),
  CKR_USER_PIN_NOT_INITIALIZED(0x102, Remedy.MEND_PIN),
  CKR_CRYPTOKI_NOT_INITIALIZED(0x190, Remedy.RESTART_LIBRARY),
  CKR_CRYPTOKI_ALREADY_INITIALIZED(0x191, Remedy.NONE);

  /// What helps against a failure.
  enum Remedy {
    /// Nothing in particular: this one call failed, the next may not. Some in a row call for a new
    /// login, since tokens say this of lost connections too.
    NONE,
    /// A new login and new handles in the library as it runs.
    LOG_IN_AGAIN,
    /// The library finalised and initialised, and everything anew from there.
    RESTART_LIBRARY,
    /// A person must correct the PIN. Trying on would lock the token.
    MEND_PIN,
    /// A person must look at this one key; other keys are fine.
    MEND_KEY
  }

  private final long code;
  private final Remedy remedy;

  ReturnValue(long code, Remedy remedy) {
    this.code = code;
    this.remedy = remedy;
  }

  long code() {
    return code;
  }

  Remedy remedy() {
    return remedy;
  }

  static Optional<ReturnValue> of(long code) {
    return Arrays.stream(values()).filter(value -> value.code == code).findFirst();
  }

  /// Whether a token says by it that a tag is wrong. SoftHSM 2.6 has no word of its own for it.
  static boolean isNotAuthentic(long code) {
    return of(code)
        .filter(
            value ->
                value == CKR_ENCRYPTED_DATA_INVALID
                    || value == CKR_AEAD_DECRYPT_FAILED
                    || value == CKR_GENERAL_ERROR)
        .isPresent();
  }

  /// The name for people, or the number when it has none here.
  static String describe(long code) {
    return of(code)
        .map(value -> value.name() + " (0x" + Long.toHexString(code) + ")")
        .orElse(String.format(Locale.ROOT, "CKR 0x%x", code));
  }
}
