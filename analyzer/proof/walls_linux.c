#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proof/walls.h"

/* <sys/mount.h> and <linux/mount.h> cannot both be included everywhere. */
extern int mount(const char *, const char *, const char *, unsigned long, const void *);

void walls_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

/* --- who we are -------------------------------------------------------------------------------- */

static bool write_file(const char *path, const char *text) {
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  bool is_written = write(descriptor, text, strlen(text)) == (ssize_t)strlen(text);
  close(descriptor);
  return is_written;
}

/* Inside, the user and his group have the numbers that they have outside. */
static bool map_user(uid_t user, gid_t group) {
  char line[64];
  write_file("/proc/self/setgroups", "deny");
  snprintf(line, sizeof(line), "%u %u 1", (unsigned)group, (unsigned)group);
  if (!write_file("/proc/self/gid_map", line)) return false;
  snprintf(line, sizeof(line), "%u %u 1", (unsigned)user, (unsigned)user);
  return write_file("/proc/self/uid_map", line);
}

bool walls_drop_privileges(void) {
  for (unsigned long capability = 0; capability < 64; capability++) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EINVAL) return false;
  }
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* --- network ----------------------------------------------------------------------------------- */

static bool raise_loopback(void) {
  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  if (sock < 0) return false;
  struct ifreq request = { .ifr_name = "lo" };
  bool is_up = ioctl(sock, SIOCGIFFLAGS, &request) == 0;
  request.ifr_flags |= IFF_UP;
  is_up = is_up && ioctl(sock, SIOCSIFFLAGS, &request) == 0;
  close(sock);
  return is_up;
}

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

bool walls_filter_network(void) {
#ifdef OWN_ARCHITECTURE
  const unsigned refused = SECCOMP_RET_ERRNO | EACCES;
  struct sock_filter rules[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 0, 8),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    /* The second numbering of x86-64; a ring of requests can make sockets, too. */
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 6, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 5, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_STMT(BPF_RET | BPF_K, refused),
  };
  struct sock_fprog program = { sizeof(rules) / sizeof(*rules), rules };
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
#else
  return false;
#endif
}

/* --- mounts ------------------------------------------------------------------------------------ */

/* The first 300 are used once only. */
#define MOST_PROCESS_NUMBERS "1024"

enum { WITH_MOUNTS_BELOW = 0x8000 }; /* AT_RECURSIVE, which not every <fcntl.h> has */

#if defined(MOUNT_ATTR_RDONLY) && defined(SYS_mount_setattr)
static bool set_readable_only(const char *folder, bool is_set, unsigned flags) {
  struct mount_attr attributes = { 0 };
  *(is_set ? &attributes.attr_set : &attributes.attr_clr) = MOUNT_ATTR_RDONLY;
  return syscall(SYS_mount_setattr, AT_FDCWD, folder, flags, &attributes, sizeof(attributes)) == 0;
}

#else
static bool set_readable_only(const char *folder, bool is_set, unsigned flags) {
  return folder && is_set && flags == 0 && false;
}
#endif

/* The folder as it is, with what is written to it going elsewhere. */
static bool cover(const char *covered, const char *upper, const char *work) {
  char options[2 * 4096 + 128];
  int len =
    snprintf(options, sizeof(options), "lowerdir=.,upperdir=%s,workdir=%s,userxattr", upper, work);
  /* Named as ".", since a name may hold what separates options. */
  if (len < 0 || (size_t)len >= sizeof(options) || chdir(covered) != 0) return false;
  return mount("overlay", covered, "overlay", 0, options) == 0 && chdir("/") == 0;
}

static bool set_mounts(const Containment *containment) {
  if (mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) != 0) return false;
  const char *scratch = containment->scratch;
  if (mount(scratch, scratch, NULL, MS_BIND, NULL) != 0) return false;
  if (!set_readable_only("/", true, WITH_MOUNTS_BELOW)) return false;
  if (!set_readable_only(scratch, false, 0)) return false;
  mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=256m"); /* locks between processes live there */
  if (!containment->covered) return true;
  return cover(containment->covered, containment->upper, containment->work);
}

void walls_number_processes(void) {
  if (mount("proc", "/proc", "proc", 0, NULL) != 0) return;
  /* A limit that holds for the system's administrator, too; from Linux 6.14 on it is the namespace's own. */
  write_file("/proc/sys/kernel/pid_max", MOST_PROCESS_NUMBERS);
}

bool walls_enter_namespaces(const Containment *containment) {
  uid_t user = getuid();
  gid_t group = getgid();
  long kinds = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID;
  if (!containment->allows_network) kinds |= CLONE_NEWNET;
  if (syscall(SYS_unshare, kinds) != 0 || !map_user(user, group)) return false;
  if (!containment->allows_network && !raise_loopback()) return false;
  return set_mounts(containment);
}

#else
typedef int Empty; /* a file without a declaration is no C */
#endif
