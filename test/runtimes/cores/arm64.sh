#!/bin/bash
# A core of a program of ../programs on Debian's arm64 Python under QEMU's user mode, and what that process says of itself:
#   arm64.sh                                    makes py-3.11-arm64.core.xz in this folder and its truth again
#   arm64.sh FOLDER PAGE_BYTES PROGRAM [ARG...] FOLDER/core and FOLDER/truth.json of PROGRAM, where pages are of so many bytes
# Packages are fetched with apt and unpacked under ARM64_ROOT, /tmp/arm64 if it is not set; nothing is installed. Ends with 3 where
# they are not to be had. Needs Linux on x86-64, apt, dpkg and python3; for the committed core xz.
set -euo pipefail

cores=$(cd "$(dirname "$0")" && pwd)
samples=$cores/../../../samples
root=${ARM64_ROOT:-/tmp/arm64}
committed=
[ $# -gt 0 ] || { committed=yes NO_HEADERS=yes && set -- /tmp/kinds 65536 kinds.py 60; }
run=$1 page=$2 program=$3
shift 3
suite=bookworm
version=3.11
packages=(python3.11-minimal libpython3.11-minimal libpython3.11-stdlib libc6 zlib1g libexpat1 libcrypt1 libffi8)

# An apt of its own: no list, state or architecture of the machine's changes.
fetch() { # FOLDER ARCHITECTURE PACKAGE...
  local to=$root/$1 architecture=$2
  shift 2
  [ ! -e "$to/whole" ] || return 0
  mkdir -p "$to/lists/partial" "$to/packages/partial"
  : >"$to/status"
  local mirror
  mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | grep -v security | head -n 1 || true)
  echo "deb [trusted=yes] ${mirror:-http://deb.debian.org/debian} $suite main" >"$to/sources.list"
  local options=(-qq -o "Dir::Etc::SourceList=$to/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$to/lists" -o "Dir::State::status=$to/status" -o "APT::Architecture=$architecture"
    -o "APT::Architectures=$architecture" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=)
  apt-get "${options[@]}" update >&2 || return 3
  (cd "$to/packages" && apt-get "${options[@]}" download "$@" >&2) || return 3
  mkdir -p "$to/fs"
  for package in "$to"/packages/*.deb; do dpkg -x "$package" "$to/fs"; done
  rm -rf "$to/lists" "$to/packages"
  touch "$to/whole"
}
fetch qemu amd64 qemu-user-static || exit 3
fetch python arm64 "${packages[@]}" || exit 3

mkdir -p "$run"
cd "$run"
rm -f said core qemu_*.core truth.json maps
touch said
cp "$cores/../programs/$program" "$cores/../programs/truth.py" .
# Where pages are larger than its own, QEMU leaves out some of what it shows as /proc/self/maps; the host's are not its to show.
sed -i 's|/proc/self/maps|/proc/thread-self/maps|' truth.py
# What is mapped is what the process sees, as QEMU has no NT_FILE for its cores.
sed -i 's|^print("ready"|open("maps", "w").write(open("/proc/self/maps").read())\n&|' "$program"
ulimit -c unlimited
fs=$root/python/fs
env -i PATH=/usr/bin:/bin LANG=C.UTF-8 TZ=UTC PYTHONHASHSEED=1 PYTHONHOME="$fs/usr" \
  "$root/qemu/fs/usr/bin/qemu-aarch64-static" -p "$page" -L "$fs" \
  "$fs/usr/bin/python$version" -S -s -B "$program" truth.json "$@" </dev/null >said 2>&1 &
process=$!
for _ in $(seq 600); do
  ! grep -q ready said || break
  kill -0 "$process" || exit 1
  sleep 0.1
done
kill -ABRT "$process"
wait "$process" 2>/dev/null || true
# The host's own.
rm -f core
/usr/bin/python3 "$cores/qemu-core.py" qemu_*.core maps "$page" core ${NO_HEADERS:+--no-headers}
rm qemu_*.core

if [ -n "$committed" ]; then
  cd /
  /usr/bin/python3 "$samples/search.py" "$run/core" /usr/bin:/bin C.UTF-8 UTC 1 "$fs/usr" "$run"
  xz -9 -T 1 "$run/core"
  mv "$run/core.xz" "$cores/py-$version-arm64.core.xz"
  mv "$run/truth.json" "$cores/py-$version-arm64-truth.json"
  ls -l "$cores/py-$version-arm64.core.xz"
  rm -r "$run"
fi
