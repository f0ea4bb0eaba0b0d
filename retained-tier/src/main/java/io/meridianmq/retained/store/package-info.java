/**
 * A RocksDB store on one folder: opened or refused, written by one committing thread, read by any.
 *
 * <pre>
 *   folder/store/FORMAT     kind and version of what is inside, one line
 *   folder/store/data/      RocksDB
 *   folder/creating/        a first start that was interrupted; nothing in it was ever acknowledged
 * </pre>
 */
@NullMarked
package io.meridianmq.retained.store;

import org.jspecify.annotations.NullMarked;
