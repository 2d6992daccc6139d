package dev.countersign.hsm.pkcs11;

/// A PKCS#11 function did not return `CKR_OK`.
final class CryptokiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long code;

  CryptokiException(String function, long code) {
    super(function + " gave " + ReturnValue.describe(code));
    this.code = code;
  }

  long code() {
    return code;
  }
}
