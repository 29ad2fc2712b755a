#!/bin/sh
# Makes the streams beside it again, with zstd 1.5, xz 5.4 and lz4 1.9. All hold what streams.test.ts expects:
# 150,000 bytes of two words, so that lz4's blocks of 64 KiB look back into one another, and some numbers.
set -e
cd "$(dirname "$0")"
rm -f ./*.gz ./*.zst ./*.xz ./*.lz4
content() { yes 0000000000000000 00007f01104e0c70 | head -c 150000; seq 100; }
two() { content | head -c 70000 | "$@"; content | tail -c +70001 | "$@"; }
skippable() { printf '\120\052\115\030\005\000\000\000hello'; }

content | gzip -9n > member.gz
two gzip -9n > members.gz
{ content | gzip -1n; head -c 64 /dev/zero; } > padded.gz

content | zstd -q --check > checksum.zst
content | zstd -q --no-check -19 > unchecked.zst
content > content && zstd -q --check content -o sized.zst && rm content
two zstd -q --check > frames.zst
{ skippable; content | zstd -q --check; skippable; } > skippable.zst
{ printf '\137\052\115\030\003\000\000\000any'; content | zstd -q --check; } > seekable.zst

content | xz > crc64.xz
content | xz -C crc32 -0 > crc32.xz
content | xz -C none > unchecked.xz
content | xz --block-size=65536 -T1 > blocks.xz
{ two xz; head -c 8 /dev/zero; } > streams.xz

content | lz4 -q -B4 -BI > independent.lz4
content | lz4 -q -B4 -BD -BX > linked.lz4
content | lz4 -q -B4 -BD --no-frame-crc > unchecked.lz4
content > content && lz4 -q -9 --content-size content sized.lz4 && rm content
{ two lz4 -q -B5; skippable; } > frames.lz4
