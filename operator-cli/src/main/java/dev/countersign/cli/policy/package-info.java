/// `countersign policy`: checks policies and runs their tests without a server, founds the first,
/// and changes the active one with the keys of those who may.
@NullMarked
package dev.countersign.cli.policy;

import org.jspecify.annotations.NullMarked;
