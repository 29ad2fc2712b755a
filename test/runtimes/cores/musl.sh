#!/bin/bash
# Builds CPython 3.13 on musl, as no package has it for a machine with glibc: musl.sh FOLDER
# Then FOLDER/bin/python3.13 is one, and its core is made with
#   make.sh FOLDER/bin/python3.13 3.13-musl
# Takes Debian's source, which is checked there, by an apt of its own. Needs Debian with gcc, make, dpkg-dev, musl-tools and
# linux-libc-dev, and some minutes.
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
(cd "$work" && dpkg-source --no-check -x "$source"_*.dsc source >/dev/null)

# configure asks for the compiler's multiarch name, which musl-gcc answers as glibc's. Headers of the kernel are behind musl's own.
cat >"$work/cc" <<'CC'
#!/bin/bash
for argument; do [ "$argument" != --print-multiarch ] || { echo x86_64-linux-musl; exit; }; done
exec musl-gcc -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu "$@"
CC
chmod +x "$work/cc"
cd "$work/source"
# Modules that need more libraries than the C library are left out.
./configure CC="$work/cc" --build=x86_64-linux-musl --prefix="$to" --without-ensurepip --disable-test-modules \
  CFLAGS=-O1 ac_cv_header_linux_vm_sockets_h=no >"$work/log" 2>&1
make -k -j "$(nproc)" >>"$work/log" 2>&1 || true
make -k install >>"$work/log" 2>&1 || true
"$to/bin/python3.13" -c 'import array, datetime, decimal; print("built")' || { tail -n 20 "$work/log" >&2; exit 1; }
