#!/bin/bash
# Makes tagged.core.gz and tagged.txt beside it again, of tagged.c, by QEMU's user mode.
# Needs: qemu-user, gcc-aarch64-linux-gnu.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=/tmp/tagged
rm -rf "$work" && mkdir "$work" && cd "$work"
ulimit -c unlimited
aarch64-linux-gnu-gcc -O1 -march=armv8.3-a -static -nostdlib -fno-stack-protector -fno-delete-null-pointer-checks \
  -no-pie -Wl,--build-id=none -Wl,-z,noseparate-code -o tagged "$here/tagged.c"
aarch64-linux-gnu-nm -n tagged > "$here/tagged.txt"
env -i qemu-aarch64 -cpu max -s 65536 ./tagged > /dev/null 2>&1 || true
gzip -9nc qemu_tagged_*.core > "$here/tagged.core.gz"
rm -rf "$work"
