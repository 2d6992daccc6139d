@NullMarked
package dev.countersign.cli.certificate;

import org.jspecify.annotations.NullMarked;
