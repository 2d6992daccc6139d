package dev.countersign.testenv.chain;

/// The node answered a call with an error.
public final class JsonRpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  JsonRpcException(String method, int code, String message) {
    super(method + ": " + message + " (" + code + ")");
    this.code = code;
  }

  /// {@return the error code of the answer}
  public int code() {
    return code;
  }
}
