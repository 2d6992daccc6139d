package dev.countersign.server.publish;

import dev.countersign.audit.store.ArchiveUnavailableException;
import dev.countersign.audit.store.DatabaseLogFiles;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.core.port.StoreUnavailableException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Optional;

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

  private final DatabaseLogFiles files;

  LogPublishing(DatabaseLogFiles files) {
    this.files = files;
  }

  /// One file.
  @Get(uri = "/{+path}", produces = MediaType.ALL)
  @ExecuteOn(TaskExecutors.BLOCKING)
  public HttpResponse<byte[]> file(String path) {
    Optional<byte[]> content;
    try {
      content = files.read(path);
    } catch (StoreUnavailableException | ArchiveUnavailableException e) {
      return HttpResponse.<byte[]>status(HttpStatus.SERVICE_UNAVAILABLE)
          .header(HttpHeaders.CACHE_CONTROL, NOT_AT_ALL);
    }
    boolean isNote = path.equals(TilePath.CHECKPOINT);
    return content
        .map(
            bytes ->
                HttpResponse.ok(bytes)
                    .contentType(
                        isNote
                            ? MediaType.of("text/plain; charset=utf-8")
                            : MediaType.APPLICATION_OCTET_STREAM_TYPE)
                    .header(HttpHeaders.CACHE_CONTROL, isNote ? NOT_AT_ALL : FOR_GOOD))
        .orElseGet(
            () -> HttpResponse.<byte[]>notFound().header(HttpHeaders.CACHE_CONTROL, NOT_AT_ALL));
  }
}
