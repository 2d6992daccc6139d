/// Child processes that never outlive the JVM that started them, and the private directory they
/// live in.
@NullMarked
package dev.countersign.testenv.process;

import org.jspecify.annotations.NullMarked;
