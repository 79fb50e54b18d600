/* Records what a program does to the files of one directory, and fails a chosen operation on request.
 *
 * Loaded into the program under test by LD_PRELOAD. Every write, truncation, flush and change of a directory below
 * CRASH_ROOT goes into the file CRASH_TRACE with its bytes, in one order for all processes and with the instant of
 * CLOCK_MONOTONIC that the client's own record uses too. CRASH_FAULT=CLASS:N:ERROR makes the N-th operation of a
 * class (write, fsync, open) fail; see Tests/Crash/faults.py. What the format is stands in Tests/Crash/tracefile.py.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { WRITE = 1, TRUNCATE, SYNC_BEGIN, SYNC_END, CREATE, UNLINK, RENAME, MKDIR, RMDIR, ESCAPE, FAULT, COUNT };

struct record {
  uint32_t magic;
  uint16_t kind, path_length;
  uint32_t data_length;
  int32_t pid;
  uint64_t at, inode;
  int64_t offset, token;
};

/* A descriptor that is open on something below the root. */
struct opened {
  uint64_t inode;
  int is_memory; /* the -shm file: shared memory by another name, which nothing reads after a power cut */
  char path[];
};

#define DESCRIPTORS 65536
static _Atomic(struct opened *) descriptors[DESCRIPTORS];
static char root[PATH_MAX];
static size_t root_length;
static int trace = -1;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic int64_t next_token = 1;

static struct {
  char class[8], error[8];
  long when;
  _Atomic int next_write_fails;
} fault;
/* Operations so far, by class; told at the end, so that the harness knows how many points there are. */
static const char *const classes[] = {"write", "fsync", "open"};
static _Atomic long counts[3];

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) abort();
  return found;
}

static void set_up(void) {
  const char *directory = getenv("CRASH_ROOT"), *path = getenv("CRASH_TRACE"), *wish = getenv("CRASH_FAULT");
  if (directory == NULL || path == NULL) return;
  if (wish != NULL && sscanf(wish, "%7[a-z]:%ld:%7[A-Z]", fault.class, &fault.when, fault.error) != 3) abort();
  if (realpath(directory, root) == NULL) abort();
  root_length = strlen(root);
  int descriptor = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  /* Far up, where no program looks for its own descriptors. */
  trace = fcntl(descriptor, F_DUPFD_CLOEXEC, 900);
  if (trace < 0) abort();
  syscall(SYS_close, descriptor);
}

__attribute__((constructor)) static void start(void) { pthread_once(&once, set_up); }

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Threads exclude each other by the mutex, processes by the file lock, which a killed one gives back. */
static void lock(void) {
  pthread_mutex_lock(&mutex);
  flock(trace, LOCK_EX);
}

static void unlock(void) {
  int kept = errno;
  flock(trace, LOCK_UN);
  pthread_mutex_unlock(&mutex);
  errno = kept;
}

/* To be called with the lock held. */
static void append(struct record record, const char *path, const void *data, size_t length) {
  int kept = errno;
  record.magic = 0x48535243;
  record.pid = getpid();
  record.path_length = (uint16_t)strlen(path);
  record.data_length = (uint32_t)length;
  struct iovec parts[] = {{&record, sizeof record}, {(void *)path, record.path_length}, {(void *)data, length}};
  ssize_t expected = (ssize_t)(sizeof record + record.path_length + length);
  /* Half a record would make the whole trace useless: better no program than a wrong image. */
  if (syscall(SYS_writev, trace, parts, 3) != expected) abort();
  errno = kept;
}

__attribute__((destructor)) static void end(void) {
  if (trace < 0) return;
  for (int class = 0; class < 3; class++) {
    struct record record = {.kind = COUNT, .at = now(), .offset = counts[class]};
    lock();
    append(record, classes[class], NULL, 0);
    unlock();
  }
}

/* The path below the root, or NULL for what lies elsewhere. */
static const char *below(const char *path) {
  if (trace < 0 || strncmp(path, root, root_length) != 0) return NULL;
  if (path[root_length] == '\0') return "";
  return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

/* Makes `path` absolute without following its last part, which may not be there yet. */
static const char *resolve(int directory, const char *path, char *into) {
  char parent[PATH_MAX], found[PATH_MAX];
  if (trace < 0 || path == NULL || strlen(path) >= sizeof parent) return NULL;
  if (directory != AT_FDCWD && path[0] != '/') {
    struct opened *opened = directory >= 0 && directory < DESCRIPTORS ? descriptors[directory] : NULL;
    if (opened == NULL) return NULL;
    snprintf(into, PATH_MAX, "%s%s%s", opened->path, opened->path[0] ? "/" : "", path);
    return into;
  }
  strcpy(parent, path);
  size_t length = strlen(parent);
  while (length > 1 && parent[length - 1] == '/') parent[--length] = '\0';
  char *slash = strrchr(parent, '/');
  const char *name = slash ? slash + 1 : parent;
  const char *folder = slash == parent ? "/" : slash ? parent : ".";
  if (slash != NULL && slash != parent) *slash = '\0';
  int kept = errno;
  char *real_folder = realpath(folder, found);
  errno = kept;
  if (real_folder == NULL || snprintf(into, PATH_MAX, "%s/%s", found, name) >= PATH_MAX) return NULL;
  return below(into);
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

static struct opened *tracked(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS ? descriptors[descriptor] : NULL;
}

/* Whether this operation is the one that shall fail. */
static int strikes(int class, const char *path) {
  long number = atomic_fetch_add(&counts[class], 1) + 1;
  if (number != fault.when || strcmp(fault.class, classes[class]) != 0) return 0;
  lock();
  append((struct record){.kind = FAULT, .at = now()}, path, fault.error, strlen(fault.error));
  unlock();
  errno = strcmp(fault.error, "EIO") == 0 ? EIO : ENOSPC;
  return 1;
}

static int open_any(int directory, const char *path, int flags, mode_t mode) {
  start();
  char buffer[PATH_MAX];
  const char *relative = resolve(directory, path, buffer);
  if (relative == NULL) return (int)syscall(SYS_openat, directory, path, flags, mode);
  int is_memory = ends_with(relative, "-shm");
  if (strikes(2, relative)) return -1;
  lock();
  uint64_t at = now();
  struct stat before, after;
  int kept = errno, existed = fstatat(directory, path, &before, 0) == 0;
  errno = kept;
  int descriptor = (int)syscall(SYS_openat, directory, path, flags, mode);
  if (descriptor >= 0 && descriptor < DESCRIPTORS && fstat(descriptor, &after) == 0) {
    struct opened *opened = malloc(sizeof *opened + strlen(relative) + 1);
    opened->inode = after.st_ino;
    opened->is_memory = is_memory;
    strcpy(opened->path, relative);
    /* What was there is not freed: another thread may be reading it, and it is small. */
    descriptors[descriptor] = opened;
    struct record record = {.at = at, .inode = after.st_ino};
    if (flags & __O_TMPFILE & ~O_DIRECTORY) {
      /* Without a name it is gone after a power cut. */
      descriptors[descriptor] = NULL;
    } else if (!existed && !is_memory) {
      record.kind = CREATE;
      append(record, relative, NULL, 0);
    } else if ((flags & O_TRUNC) && existed && before.st_size > 0 && !is_memory) {
      record.kind = TRUNCATE;
      append(record, relative, NULL, 0);
    }
  }
  unlock();
  return descriptor;
}

#define MODE                                 \
  mode_t mode = 0;                           \
  if (flags & (O_CREAT | __O_TMPFILE)) {     \
    va_list rest;                            \
    va_start(rest, flags);                   \
    mode = va_arg(rest, mode_t);             \
    va_end(rest);                            \
  }

int open(const char *path, int flags, ...) { MODE return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return open_any(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int directory, const char *path, int flags, ...) { MODE return open_any(directory, path, flags, mode); }
int openat64(int directory, const char *path, int flags, ...) { MODE return open_any(directory, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }
int __open_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __openat_2(int directory, const char *path, int flags) { return open_any(directory, path, flags, 0); }
int __openat64_2(int directory, const char *path, int flags) { return open_any(directory, path, flags, 0); }

/* Opens by a call inside the C library, which the functions above don't see. */
DIR *opendir(const char *path) {
  char buffer[PATH_MAX];
  start();
  const char *relative = resolve(AT_FDCWD, path, buffer);
  if (relative != NULL && strikes(2, relative)) return NULL;
  return REAL(opendir)(path);
}

int close(int descriptor) {
  if (tracked(descriptor) != NULL) descriptors[descriptor] = NULL;
  return REAL(close)(descriptor);
}

static int duplicated(int from, int to) {
  if (to >= 0 && to < DESCRIPTORS) descriptors[to] = tracked(from);
  return to;
}

int dup(int from) { return duplicated(from, REAL(dup)(from)); }
int dup2(int from, int to) { return duplicated(from, REAL(dup2)(from, to)); }
int dup3(int from, int to, int flags) { return duplicated(from, REAL(dup3)(from, to, flags)); }

/* A write whose bytes are known: `offset` is where, or -1 for the descriptor's own place. */
static ssize_t write_at(int descriptor, const void *bytes, size_t length, int64_t offset) {
  struct opened *opened = tracked(descriptor);
  size_t allowed = length;
  if (opened != NULL) {
    if (atomic_exchange(&fault.next_write_fails, 0)) {
      errno = ENOSPC;
      return -1;
    }
    if (strikes(0, opened->path)) {
      /* A short write is legal and no error yet: the disk is full when the rest is tried. */
      if (strcmp(fault.error, "SHORT") != 0 || length < 2) return -1;
      fault.next_write_fails = 1;
      allowed = length / 2;
    }
  }
  if (opened == NULL || opened->is_memory)
    return offset < 0 ? syscall(SYS_write, descriptor, bytes, allowed)
                      : syscall(SYS_pwrite64, descriptor, bytes, allowed, offset);
  lock();
  uint64_t at = now();
  ssize_t done = offset < 0 ? syscall(SYS_write, descriptor, bytes, allowed)
                            : syscall(SYS_pwrite64, descriptor, bytes, allowed, offset);
  if (done > 0) {
    int64_t place = offset < 0 ? lseek(descriptor, 0, SEEK_CUR) - done : offset;
    struct record record = {.kind = WRITE, .at = at, .inode = opened->inode, .offset = place};
    append(record, opened->path, bytes, (size_t)done);
  }
  unlock();
  return done;
}

ssize_t write(int descriptor, const void *bytes, size_t length) { return write_at(descriptor, bytes, length, -1); }
ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  return write_at(descriptor, bytes, length, offset);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off_t offset) {
  return write_at(descriptor, bytes, length, offset);
}

/* What this recorder does not understand makes the trace void, and the checker says so. */
static void escape(int descriptor, const char *what) {
  struct opened *opened = tracked(descriptor);
  if (opened == NULL || opened->is_memory) return;
  lock();
  append((struct record){.kind = ESCAPE, .at = now(), .inode = opened->inode}, opened->path, what, strlen(what));
  unlock();
}

static ssize_t write_parts(int descriptor, const struct iovec *parts, int count, int64_t offset) {
  ssize_t total = 0;
  for (int index = 0; index < count; index++) {
    ssize_t done = write_at(descriptor, parts[index].iov_base, parts[index].iov_len, offset < 0 ? -1 : offset + total);
    if (done < 0) return total > 0 ? total : -1;
    total += done;
    if ((size_t)done < parts[index].iov_len) break;
  }
  return total;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  return tracked(descriptor) ? write_parts(descriptor, parts, count, -1)
                             : syscall(SYS_writev, descriptor, parts, count);
}
ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
  return tracked(descriptor) ? write_parts(descriptor, parts, count, offset)
                             : REAL(pwritev)(descriptor, parts, count, offset);
}
ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off_t offset) {
  return pwritev(descriptor, parts, count, offset);
}

int ftruncate(int descriptor, off_t length) {
  struct opened *opened = tracked(descriptor);
  if (opened == NULL || opened->is_memory) return (int)syscall(SYS_ftruncate, descriptor, length);
  lock();
  uint64_t at = now();
  int done = (int)syscall(SYS_ftruncate, descriptor, length);
  struct record record = {.kind = TRUNCATE, .at = at, .inode = opened->inode, .offset = length};
  if (done == 0) append(record, opened->path, NULL, 0);
  unlock();
  return done;
}
int ftruncate64(int descriptor, off_t length) { return ftruncate(descriptor, length); }

static int flush(int descriptor, long number) {
  struct opened *opened = tracked(descriptor);
  if (opened == NULL || opened->is_memory) return (int)syscall(number, descriptor);
  if (strikes(1, opened->path)) return -1;
  int64_t token = atomic_fetch_add(&next_token, 1);
  struct record record = {.kind = SYNC_BEGIN, .inode = opened->inode, .token = token};
  lock();
  record.at = now();
  append(record, opened->path, NULL, 0);
  unlock();
  /* Without the lock: others write while the disk is flushing, and what they write then is not flushed. */
  int done = (int)syscall(number, descriptor);
  if (done != 0) return done;
  record.kind = SYNC_END;
  lock();
  record.at = now();
  append(record, opened->path, NULL, 0);
  unlock();
  return done;
}

int fsync(int descriptor) { return flush(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return flush(descriptor, SYS_fdatasync); }

/* A change of a directory, recorded when it succeeded. */
#define CHANGE(kind_, directory, path, call)                                    \
  char buffer[PATH_MAX];                                                        \
  start();                                                                      \
  const char *relative = resolve(directory, path, buffer);                      \
  if (relative == NULL || ends_with(relative, "-shm")) return (int)(call);      \
  lock();                                                                       \
  struct record record = {.kind = kind_, .at = now()};                          \
  int done = (int)(call);                                                       \
  struct stat made;                                                             \
  if (done == 0 && (kind_) == MKDIR && fstatat(directory, path, &made, 0) == 0) \
    record.inode = made.st_ino;                                                 \
  if (done == 0) append(record, relative, NULL, 0);                             \
  unlock();                                                                     \
  return done;

int unlinkat(int directory, const char *path, int flags) {
  CHANGE(flags & AT_REMOVEDIR ? RMDIR : UNLINK, directory, path, syscall(SYS_unlinkat, directory, path, flags))
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  struct stat found;
  return lstat(path, &found) == 0 && S_ISDIR(found.st_mode) ? rmdir(path) : unlink(path);
}
int mkdirat(int directory, const char *path, mode_t mode) {
  CHANGE(MKDIR, directory, path, syscall(SYS_mkdirat, directory, path, mode))
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
  char first[PATH_MAX], second[PATH_MAX];
  start();
  const char *old = resolve(from_directory, from, first), *new = resolve(to_directory, to, second);
  if (old == NULL || new == NULL)
    return (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
  lock();
  struct record record = {.kind = RENAME, .at = now()};
  int done = (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
  if (done == 0) append(record, old, new, strlen(new));
  unlock();
  return done;
}
int renameat(int from_directory, const char *from, int to_directory, const char *to) {
  return renameat2(from_directory, from, to_directory, to, 0);
}
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int mkostemps(char *template, int suffix, int flags) {
  char *marks = template + strlen(template) - suffix - 6;
  for (int attempt = 0; attempt < 10000; attempt++) {
    unsigned long long value = now() ^ (unsigned)getpid() * 2654435761u ^ (unsigned)attempt << 7;
    for (int at = 0; at < 6; at++, value /= 36) marks[at] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % 36];
    int descriptor = open_any(AT_FDCWD, template, flags | O_RDWR | O_CREAT | O_EXCL, 0600);
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
  }
  return -1;
}
int mkstemp(char *template) { return mkostemps(template, 0, 0); }
int mkstemp64(char *template) { return mkostemps(template, 0, 0); }
int mkostemp(char *template, int flags) { return mkostemps(template, 0, flags); }
int mkostemp64(char *template, int flags) { return mkostemps(template, 0, flags); }
int mkstemps(char *template, int suffix) { return mkostemps(template, suffix, 0); }

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  if ((flags & MAP_SHARED) && (protection & PROT_WRITE)) escape(descriptor, "mmap");
  return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  return mmap(address, length, protection, flags, descriptor, offset);
}

/* Not followed: if the program ever begins to use one of these below the root, the trace says so. */
#define ESCAPES(type, name, parameters, arguments, descriptor) \
  type name parameters {                                       \
    escape(descriptor, #name);                                 \
    return REAL(name) arguments;                               \
  }
ESCAPES(int, fallocate, (int fd, int mode, off_t at, off_t length), (fd, mode, at, length), fd)
ESCAPES(int, fallocate64, (int fd, int mode, off64_t at, off64_t length), (fd, mode, at, length), fd)
ESCAPES(int, posix_fallocate, (int fd, off_t at, off_t length), (fd, at, length), fd)
ESCAPES(int, posix_fallocate64, (int fd, off64_t at, off64_t length), (fd, at, length), fd)
ESCAPES(ssize_t, sendfile, (int fd, int from, off_t *at, size_t length), (fd, from, at, length), fd)
ESCAPES(ssize_t, copy_file_range, (int from, off64_t *at, int fd, off64_t *to, size_t length, unsigned flags),
        (from, at, fd, to, length, flags), fd)
