#ifndef CGIT2_SHIM_H
#define CGIT2_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <git2/sys/repository.h>
#include <malloc.h>
#include <signal.h>
#include <sys/syscall.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif
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

/// Whether a file is open nowhere else: 1 yes, 0 no, -1 where the file system cannot tell. Asks for a
/// lease (fcntl(2), F_SETLEASE), and gives it back; who opens the file in between must not end this
/// process by a signal.
static inline int muster_is_open_here_alone(int descriptor) {
#ifdef __linux__
    const int set_signal = 10, set_lease = 1024;
    if (fcntl(descriptor, set_signal, SIGURG) != 0) return -1;
    if (fcntl(descriptor, set_lease, F_WRLCK) != 0) return errno == EAGAIN ? 0 : -1;
    fcntl(descriptor, set_lease, F_UNLCK);
    return 1;
#else
    return -1;
#endif
}

/// How many bytes the names of a file's extended attributes have (flistxattr(2)); -1 where there can
/// be none.
static inline long muster_attribute_bytes(int descriptor) {
#ifdef __linux__
    return (long)flistxattr(descriptor, NULL, 0);
#else
    return -1;
#endif
}

/// Gives memory that was freed back to the system, which glibc does of its own accord only at the
/// end of the heap.
static inline void muster_return_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

#endif
