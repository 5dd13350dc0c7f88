#ifndef CGIT2_SHIM_H
#define CGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/repository.h>
#include <malloc.h>
#include <sys/syscall.h>
#include <unistd.h>

// Swift cannot call variadic C functions, so each is called here under a name of its own.

/// Asks libgit2 to flush what it writes into the git directory (off by default).
static inline int muster_enable_fsync(int enabled) {
    return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}

/// Lets libgit2 open repositories that belong to another user, as the caller has decided.
static inline int muster_validate_owner(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

/// renameat2(2) with absolute paths. `flags`: 1 = RENAME_NOREPLACE, 2 = RENAME_EXCHANGE.
static inline int muster_renameat2(const char *from, const char *to, unsigned int flags) {
    return (int)syscall(SYS_renameat2, -100, from, -100, to, flags);
}

/// syncfs(2): flushes the whole file system that `descriptor` is on.
static inline int muster_syncfs(int descriptor) {
    return (int)syscall(SYS_syncfs, descriptor);
}

/// Gives memory that was freed back to the system, which glibc does of its own accord only at the
/// end of the heap.
static inline void muster_return_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

#endif
