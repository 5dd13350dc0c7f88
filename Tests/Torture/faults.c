// Makes calls of the operating system fail on request, and notes what was flushed: preloaded into
// the server by the torture tests. What fails is in a small file that both sides have mapped (see
// faults.py); each flush that succeeded, also one of git, is a line of another file,
// `<nanoseconds> <size> <inode> <path>`, with size -1 for a whole file system (see power.py).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { FLUSH = 1, WRITE = 2, RENAME = 4 };

struct plan {
    _Atomic int calls;      // which kinds of calls, a sum of the above; 0: none
    _Atomic int error;      // errno of a failing call
    _Atomic int after;      // this many calls that match still succeed
    _Atomic int per_mille;  // of the calls after that, this many of 1,000 fail
    _Atomic int torn;       // a failing write first writes half of its bytes
    _Atomic int failed;     // how many calls have failed
    char match[256];        // only files whose path holds this text
};

static struct plan *plan;
static int flushes = -1;

__attribute__((constructor)) static void map_plan(void) {
    const char *log = getenv("MUSTER_FLUSHES");
    if (log) flushes = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const char *path = getenv("MUSTER_FAULTS"), *program = getenv("MUSTER_FAULTS_PROGRAM");
    // git, which the server runs, inherits the environment.
    if (!path || !program || strcmp(program_invocation_short_name, program) != 0) return;
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return;
    void *mapped = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (mapped != MAP_FAILED) plan = mapped;
}

static long long nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME_COARSE, &time);
    return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

static long long size_of(int descriptor) {
    struct stat facts;
    return fstat(descriptor, &facts) == 0 ? (long long)facts.st_size : 0;
}

static int fails(int kind, const char *path) {
    if (!plan || !(atomic_load(&plan->calls) & kind)) return 0;
    // The database of contacts is not what is tested.
    if (!strstr(path, plan->match) || strstr(path, "sqlite")) return 0;
    if (atomic_fetch_sub(&plan->after, 1) > 0) return 0;
    if (random() % 1000 >= atomic_load(&plan->per_mille)) return 0;
    atomic_fetch_add(&plan->failed, 1);
    errno = atomic_load(&plan->error);
    return 1;
}

static int descriptor_fails(int kind, int descriptor) {
    if (!plan || !(atomic_load(&plan->calls) & kind)) return 0;
    char name[64], path[PATH_MAX];
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return fails(kind, path);
}

// Notes a flush that has succeeded; `size` and `begun` are from before it.
static int note(int result, int descriptor, long long size, long long begun) {
    if (result != 0 || flushes < 0) return result;
    char name[64], path[PATH_MAX], line[PATH_MAX + 64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length <= 0) return result;
    path[length] = 0;
    struct stat facts;
    if (fstat(descriptor, &facts) != 0) return result;
    unsigned long inode = (unsigned long)facts.st_ino;
    int count = snprintf(line, sizeof line, "%lld %lld %lu %s\n", begun, size, inode, path);
    if (syscall(SYS_write, flushes, line, (size_t)count) != count) abort();
    return result;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fdatasync(int descriptor) {
    static __typeof__(&fdatasync) real;
    if (!real) real = REAL(fdatasync);
    long long size = size_of(descriptor), begun = nanoseconds();
    return descriptor_fails(FLUSH, descriptor) ? -1 : note(real(descriptor), descriptor, size, begun);
}

int fsync(int descriptor) {
    static __typeof__(&fsync) real;
    if (!real) real = REAL(fsync);
    long long size = size_of(descriptor), begun = nanoseconds();
    return descriptor_fails(FLUSH, descriptor) ? -1 : note(real(descriptor), descriptor, size, begun);
}

int syncfs(int descriptor) {
    static __typeof__(&syncfs) real;
    if (!real) real = REAL(syncfs);
    long long begun = nanoseconds();
    return descriptor_fails(FLUSH, descriptor) ? -1 : note(real(descriptor), descriptor, -1, begun);
}

static int is_torn(size_t count) { return plan && atomic_load(&plan->torn) && count > 1; }

ssize_t write(int descriptor, const void *bytes, size_t count) {
    static __typeof__(&write) real;
    if (!real) real = REAL(write);
    if (!descriptor_fails(WRITE, descriptor)) return real(descriptor, bytes, count);
    return is_torn(count) ? real(descriptor, bytes, count / 2) : -1;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    static __typeof__(&pwrite) real;
    if (!real) real = REAL(pwrite);
    if (!descriptor_fails(WRITE, descriptor)) return real(descriptor, bytes, count, offset);
    return is_torn(count) ? real(descriptor, bytes, count / 2, offset) : -1;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    return pwrite(descriptor, bytes, count, (off_t)offset);
}

int rename(const char *from, const char *to) {
    static __typeof__(&rename) real;
    if (!real) real = REAL(rename);
    return fails(RENAME, to) ? -1 : real(from, to);
}

// renameat2 and syncfs are called by their numbers.
long syscall(long number, ...) {
    static __typeof__(&syscall) real;
    if (!real) real = REAL(syscall);
    va_list list;
    va_start(list, number);
    long a[6];
    for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_renameat2 && fails(RENAME, (const char *)a[3])) return -1;
    if (number == SYS_syncfs) return syncfs((int)a[0]);
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
