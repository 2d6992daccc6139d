/// `countersign policy`: checks policies and runs their tests, without a server.
@NullMarked
package dev.countersign.cli.policy;

import org.jspecify.annotations.NullMarked;
