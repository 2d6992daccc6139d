/// What the tests of this module share: accounts, a node that answers as it is told, tables in
/// place of the other modules' stores.
@NullMarked
package dev.countersign.nonce.testing;

import org.jspecify.annotations.NullMarked;
