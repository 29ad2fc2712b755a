#!/bin/bash
# Makes the cores beside it again, of tiny.c: by the kernel, by gcore, and of other machines by QEMU's user mode.
# Needs: gcc, gdb, qemu-user, and the gcc of each machine (Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross,
# …); a kernel whose core_pattern is "core". Everything runs without an environment, in a folder that says nothing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ "$(cat /proc/sys/kernel/core_pattern)" = core ] || { echo "core_pattern is not 'core'" >&2; exit 1; }
work=/tmp/tiny
rm -rf "$work" && mkdir "$work" && cd "$work"
ulimit -c unlimited

# The vdso says where the kernel was built: nobody else's business.
keep() {
  LC_ALL=C perl -0777 -pi -e 's{(/[\x21-\x7e]*kernel[\x21-\x7e]*)}{"\0" x length $1}ge' "$1"
  gzip -9nc "$1" > "$here/$2.core.gz" && rm -f "$1"
}
dump() { env -i "$@" > /dev/null 2>&1 || true; }

# The kernel: notes first, the first page of each ELF file, the rest of program text not saved.
echo 'void *own(void) { static int here = 1; return &here; }' > lib.c
gcc -O1 -shared -fPIC -Wl,--build-id=0x0123456789abcdef -o libtiny.so.kept lib.c
cp libtiny.so.kept libtiny.so
gcc -O1 -DWITH_MAPPINGS -Wl,--build-id=0xfeedfacecafebeef -Wl,-rpath,"$work" -o tiny "$here/tiny.c" ./libtiny.so
dump ./tiny
keep core kernel-x86-64

# gcore: notes last, then section headers, segments unaligned in the file.
cp libtiny.so.kept libtiny.so
env -i ./tiny wait > ready & pid=$!
until grep -q ready ready; do sleep 0.1; done
gcore -o gcore "$pid" > /dev/null 2>&1
kill "$pid"
keep "gcore.$pid" gcore-x86-64

# The kernel, 32 bit: read-only pages of a static program are not saved.
i686-linux-gnu-gcc -O1 -static -s -o tiny-i386 "$here/tiny.c"
dump ./tiny-i386
keep core kernel-i386

for pair in aarch64:aarch64-linux-gnu s390x:s390x-linux-gnu arm:arm-linux-gnueabihf ppc64:powerpc64-linux-gnu; do
  machine=${pair%%:*}
  "${pair#*:}-gcc" -O1 -static -s -o "tiny-$machine" "$here/tiny.c"
  dump "qemu-$machine" -s 65536 "./tiny-$machine"
  rm -f core # QEMU's own
  keep qemu_tiny-"$machine"_*.core "qemu-$machine"
done
rm -rf "$work"
