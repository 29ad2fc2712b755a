#!/bin/bash
# Makes those of the maps beside it again that are of shop.c and shop.go: what nm, objdump, gdb and Go print of them.
# Needs: gcc, binutils, gdb, go. What must be found in a map, the .json beside it, is read off readelf, not off the map.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=/tmp/shop
rm -rf "$work" && mkdir "$work" && cd "$work"
export LC_ALL=C

gcc -O0 -g -fno-asynchronous-unwind-tables -no-pie -Wl,--build-id=none -o shop -x c "$here/shop.c"
nm -S -t d shop > "$here/nm-decimal.txt"
nm -t o shop > "$here/nm-octal.txt"
nm -A -S shop > "$here/nm-file.txt"
objdump -d shop > "$here/objdump-code.txt"
gdb -q -nx -batch -ex 'x/8a &table' -ex 'x/3a &hits' -ex 'x/2a main' -ex 'x/4i two' -ex 'x/2a 0x1000' shop \
  > "$here/gdb-examine.txt" 2>&1 || true

export HOME=$work GOFLAGS=-mod=mod
cp "$here/shop.go" main.go
printf 'module shop\ngo 1.19\n' > go.mod
go build -trimpath -ldflags=-buildid= -o shop-go .
# All of main's, and a sample of the runtime's, of sizes of one digit and of six.
go tool nm -size shop-go | grep -e ' main\.' -e ' runtime\.[abm]' -e '_cgo_' > "$here/go-nm.txt"
rm -rf "$work"
