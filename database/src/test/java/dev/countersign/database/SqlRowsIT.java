package dev.countersign.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Bytes;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@WithTestEnvironment
class SqlRowsIT {
  private static final UUID ID = UUID.fromString("0192f1c0-0000-7000-8000-000000000001");
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  private final Jdbi jdbi;

  SqlRowsIT(PostgresDatabase database) {
    this.jdbi = Jdbi.create(database.dataSource());
  }

  private record Row(
      UUID id,
      @Nullable String text,
      @Nullable Bytes bytes,
      @Nullable Long number,
      @Nullable BigInteger amount,
      @Nullable Boolean flag,
      @Nullable Instant at) {}

  @Test
  void everyTypeArrivesAsItself() {
    Row full =
        new Row(
            ID,
            "a \"quoted\", {braced} \\ word",
            Bytes.fromHex("0x00ff5c22"),
            Long.MAX_VALUE,
            MOST,
            true,
            Instant.parse("2026-11-22T10:11:12.123456Z"));

    List<Map<String, Object>> rows = read(List.of(full));

    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst())
        .containsEntry("id", ID)
        .containsEntry("text", full.text())
        .containsEntry("bytes", "00ff5c22")
        .containsEntry("number", Long.MAX_VALUE)
        .containsEntry("amount", MOST.toString())
        .containsEntry("flag", true)
        .containsEntry("at", "2026-11-22T10:11:12.123456Z");
  }

  @Test
  void nothingArrivesAsNull() {
    List<Map<String, Object>> rows = read(List.of(new Row(ID, null, null, null, null, null, null)));

    assertThat(rows.getFirst().values()).containsOnly(ID, null);
  }

  @Test
  void noRowsAreNoRows() {
    assertThat(read(List.of())).isEmpty();
  }

  private List<Map<String, Object>> read(List<Row> rows) {
    return jdbi.withHandle(
        handle ->
            SqlRows.of(rows)
                .uuid("id", Row::id)
                .text("text", Row::text)
                .bytea("bytes", Row::bytes)
                .bigint("number", Row::number)
                .numeric("amount", Row::amount)
                .bool("flag", Row::flag)
                .timestamptz("at", Row::at)
                .bindTo(
                    handle.createQuery(
                        """
                        SELECT id, text, encode(bytes, 'hex') AS bytes, number, amount::text AS amount,
                               flag, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
                        FROM unnest(:id, :text, :bytes, :number, :amount, :flag, :at)
                             AS row (id, text, bytes, number, amount, flag, at)
                        """))
                .mapToMap()
                .list());
  }
}
