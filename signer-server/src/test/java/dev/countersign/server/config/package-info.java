@NullMarked
package dev.countersign.server.config;

import org.jspecify.annotations.NullMarked;
