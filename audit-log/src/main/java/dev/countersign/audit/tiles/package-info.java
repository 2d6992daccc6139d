/// The log as files: the tiles and entry bundles of C2SP tlog-tiles, and the tree that grows in
/// them. No database.
@NullMarked
package dev.countersign.audit.tiles;

import org.jspecify.annotations.NullMarked;
