#!/bin/bash
# Builds CPython 3.13 on musl, as no package has it for a machine with glibc: musl.sh FOLDER
# Then FOLDER/python is one, which runs from where it was built, and its core is made with
#   make.sh FOLDER/python 3.13-musl
# Takes Debian's source, which is checked there, by an apt of its own. Needs Debian with gcc, make, dpkg-dev, musl-tools, libffi-dev,
# zlib1g-dev and linux-libc-dev, some minutes, and for ctypes, which make.sh's program asks, a libffi that was built with musl:
#   LIBFFI_LIBS=/opt/musl/lib/libffi.a musl.sh FOLDER
set -euo pipefail

to=$(realpath -m "$1")
suite=trixie
source=python3.13
command -v musl-gcc >/dev/null || { echo "musl-tools is not installed" >&2; exit 3; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial"
: >"$work/status"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb-src [signed-by=$keyring] http://deb.debian.org/debian $suite main" >"$work/sources.list"
options=(-qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/status"
  -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=)
apt-get "${options[@]}" update || exit 3
(cd "$work" && apt-get "${options[@]}" source --download-only "$source") || exit 3
mkdir -p "$(dirname "$to")"
dpkg-source --no-check -x "$work/$source"_*.dsc "$to" >/dev/null

# configure asks for the compiler's multiarch name, which musl-gcc answers as glibc's. Headers of the kernel are behind musl's own.
cat >"$to/cc" <<'CC'
#!/bin/bash
for argument; do [ "$argument" != --print-multiarch ] || { echo x86_64-linux-musl; exit; }; done
exec musl-gcc -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu "$@"
CC
chmod +x "$to/cc"
cd "$to"
./configure CC="$to/cc" --build=x86_64-linux-musl --without-ensurepip --disable-test-modules \
  ${LIBFFI_LIBS:+"LIBFFI_LIBS=$LIBFFI_LIBS"} CFLAGS=-O1 ac_cv_header_linux_vm_sockets_h=no >log 2>&1
# Modules that need more libraries than the C library cannot be built; the others are put where the interpreter looks for them.
make -k -j "$(nproc)" >>log 2>&1 || true
for module in Modules/*.so; do ln -sf "$to/$module" "$(cat pybuilddir.txt)/"; done
./python -c 'import array, datetime, decimal; print("built")' || { tail -n 20 log >&2; exit 1; }
./python -c 'import ctypes' || { echo "without ctypes: LIBFFI_LIBS names a libffi that was built with musl" >&2; exit 1; }
