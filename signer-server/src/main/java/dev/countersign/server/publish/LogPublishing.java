package dev.countersign.server.publish;

import dev.countersign.audit.store.ArchiveUnavailableException;
import dev.countersign.audit.store.DatabaseLogFiles;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.server.settings.Settings;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/log/`: the files of the log as C2SP tlog-tiles has them, for anybody who reaches the HTTP
/// port. Whoever reads them can verify them; what serves or caches them needs no trust.
@Controller("/log")
@Requires(property = LogPublishing.SWITCH, value = "true")
public final class LogPublishing {
  /// The property that the settings file's `audit.publish` becomes.
  public static final String SWITCH = "countersign.audit.publish";

  // A file of one path never changes its content, once it is there.
  private static final String FOR_GOOD = "public, max-age=31536000, immutable";
  private static final String NOT_AT_ALL = "no-cache";

  // Who gets this may ask again at once: a file takes milliseconds.
  private static final String SOON = "1";

  // Signing needs the connections more than strangers do.
  private static final int MOST_AT_ONCE = 4;
  private static final int MOST_TOLD = 100;
  private static final Logger LOG = LoggerFactory.getLogger(LogPublishing.class);

  private final DatabaseLogFiles files;
  private final Semaphore atOnce;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  LogPublishing(DatabaseLogFiles files, Settings settings) {
    this.files = files;
    this.atOnce = new Semaphore(Math.clamp(settings.database().connections() / 4, 1, MOST_AT_ONCE));
  }

  /// One file; 503 while as many as may be are being read, or the database or the archive is not
  /// there; 500 for one that is not what was signed.
  @Get(uri = "/{+path}", produces = MediaType.ALL)
  @ExecuteOn(TaskExecutors.BLOCKING)
  public HttpResponse<byte[]> file(String path) {
    if (!atOnce.tryAcquire()) {
      return nothing(HttpStatus.SERVICE_UNAVAILABLE).header(HttpHeaders.RETRY_AFTER, SOON);
    }
    try {
      return files
          .read(path)
          .<HttpResponse<byte[]>>map(content -> found(path, content))
          .orElseGet(() -> nothing(HttpStatus.NOT_FOUND));
    } catch (StoreUnavailableException | ArchiveUnavailableException e) {
      return nothing(HttpStatus.SERVICE_UNAVAILABLE);
    } catch (RuntimeException e) {
      tell(e);
      return nothing(HttpStatus.INTERNAL_SERVER_ERROR);
    } finally {
      atOnce.release();
    }
  }

  private static HttpResponse<byte[]> found(String path, byte[] content) {
    boolean isNote = path.equals(TilePath.CHECKPOINT);
    return HttpResponse.ok(content)
        .contentType(
            isNote
                ? MediaType.of("text/plain; charset=utf-8")
                : MediaType.APPLICATION_OCTET_STREAM_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, isNote ? NOT_AT_ALL : FOR_GOOD);
  }

  private static MutableHttpResponse<byte[]> nothing(HttpStatus status) {
    return HttpResponse.<byte[]>status(status).header(HttpHeaders.CACHE_CONTROL, NOT_AT_ALL);
  }

  /// Each problem once: a stranger who asks again and again must not fill the disk.
  private void tell(RuntimeException problem) {
    if (told.size() < MOST_TOLD && told.add(String.valueOf(problem.getMessage()))) {
      LOG.error("a file of the log cannot be published", problem);
    }
  }
}
