@NullMarked
package dev.countersign.cosigner.session;

import org.jspecify.annotations.NullMarked;
