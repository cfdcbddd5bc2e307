/**
 * The export: a directory that anyone can keep, and check with {@code tally verify} or with other
 * tools of transparency logs (formats page, "The export directory").
 *
 * <p>{@link io.tallystick.ledger.export.ExportFiles} says which file stands at which path; the
 * gateway serves them and {@link io.tallystick.ledger.export.Exporter} writes them, so that store,
 * wire and export are the same bytes. Called by the gateway's handlers on their blocking threads
 * and by the command line. An export is pinned to one checkpoint from its beginning, its checkpoint
 * is written last, and files are renamed into place whole: what a crash leaves behind is no export,
 * and is completed by exporting again.
 */
@NullMarked
package io.tallystick.ledger.export;

import org.jspecify.annotations.NullMarked;
