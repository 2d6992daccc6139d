/// `countersign lane`: nonces of accounts, and lanes of them that are paused.
@NullMarked
package dev.countersign.cli.lane;

import org.jspecify.annotations.NullMarked;
