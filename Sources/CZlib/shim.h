#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

// Macros that pass the size of a struct along are invisible to Swift.

/// deflateInit2 with the default strategy. `windowBits`: 15 = zlib stream, 31 = gzip stream.
static inline int muster_deflate_init(z_stream *stream, int level, int windowBits) {
    return deflateInit2(stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
}

/// inflateInit2. `windowBits`: 15 = zlib stream, 31 = gzip stream.
static inline int muster_inflate_init(z_stream *stream, int windowBits) {
    return inflateInit2(stream, windowBits);
}

#endif
