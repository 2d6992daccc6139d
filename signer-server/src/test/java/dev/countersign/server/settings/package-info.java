@NullMarked
package dev.countersign.server.settings;

import org.jspecify.annotations.NullMarked;
