package dev.countersign.audit.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TilePathTest {

  @Test
  void writesIndexesInGroupsOfThreeDigits() {
    assertThat(TilePath.ofTile(new TileId(0, 0), 256)).isEqualTo("tile/0/000");
    assertThat(TilePath.ofTile(new TileId(1, 999), 256)).isEqualTo("tile/1/999");
    assertThat(TilePath.ofTile(new TileId(2, 1000), 256)).isEqualTo("tile/2/x001/000");
    assertThat(TilePath.ofTile(new TileId(0, 1234067), 256)).isEqualTo("tile/0/x001/x234/067");
  }

  @Test
  void marksPartialTilesWithTheirWidth() {
    assertThat(TilePath.ofTile(new TileId(3, 7), 1)).isEqualTo("tile/3/007.p/1");
    assertThat(TilePath.ofBundle(1234, 255)).isEqualTo("tile/entries/x001/234.p/255");
    assertThat(TilePath.ofBundle(1234, 256)).isEqualTo("tile/entries/x001/234");
  }

  @Test
  void refusesWidthsThatNoTileHas() {
    assertThatThrownBy(() -> TilePath.ofBundle(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TilePath.ofBundle(0, 257))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// The example of C2SP tlog-tiles: 70,000 entries.
  @Test
  void knowsHowWideTheTilesOfATreeAre() {
    long size = 70_000;
    assertThat(new TileId(0, 272).widthIn(size)).isEqualTo(256);
    assertThat(new TileId(0, 273).widthIn(size)).isEqualTo(112);
    assertThat(new TileId(0, 274).widthIn(size)).isZero();
    assertThat(new TileId(1, 0).widthIn(size)).isEqualTo(256);
    assertThat(new TileId(1, 1).widthIn(size)).isEqualTo(17);
    assertThat(new TileId(2, 0).widthIn(size)).isEqualTo(1);
    assertThat(new TileId(3, 0).widthIn(size)).isZero();
    assertThat(TileTree.edgeOf(size))
        .containsExactly(new TileId(0, 273), new TileId(1, 1), new TileId(2, 0));
  }

  @Test
  void aTreeOf256HasAFullTileAndOneHashAbove() {
    assertThat(TileTree.edgeOf(256)).containsExactly(new TileId(1, 0));
    assertThat(TileTree.edgeOf(0)).isEmpty();
    assertThat(TileTree.edgeOf(Long.MAX_VALUE)).hasSize(8);
  }
}
