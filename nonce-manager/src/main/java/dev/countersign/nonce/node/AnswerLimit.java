package dev.countersign.nonce.node;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/// Ends answers that are longer than any that is waited for: a node, and whoever has a call passed
/// on to it, must not be able to fill our memory.
///
/// @param most bytes, once decompressed
record AnswerLimit(long most) implements Interceptor {

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    ResponseBody body = response.body();
    return body == null ? response : response.newBuilder().body(new Limited(body, most)).build();
  }

  private static final class Limited extends ResponseBody {
    private final ResponseBody body;
    private final BufferedSource source;

    Limited(ResponseBody body, long most) {
      this.body = body;
      this.source = Okio.buffer(new Counted(body.source(), most));
    }

    @Override
    public @Nullable MediaType contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() {
      return body.contentLength();
    }

    @Override
    public BufferedSource source() {
      return source;
    }
  }

  private static final class Counted extends ForwardingSource {
    private final long most;
    private long left;

    Counted(Source source, long most) {
      super(source);
      this.most = most;
      this.left = most;
    }

    @Override
    public long read(Buffer sink, long bytes) throws IOException {
      long read = super.read(sink, bytes);
      left -= Math.max(0, read);
      if (left < 0) {
        throw new IOException("the answer has more than %d bytes".formatted(most));
      }
      return read;
    }
  }
}
