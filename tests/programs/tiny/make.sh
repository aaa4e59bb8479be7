#!/bin/sh
# Makes tests/data/callgrind/tiny.* again: needs valgrind and gcc on x86-64. Addresses and pids will differ.
set -e
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$here/../../data/callgrind" && pwd)
work=/tmp/tiny
rm -rf "$work" && mkdir "$work" && cp "$here"/tiny.* "$work" && cd "$work"
gcc -gdwarf-4 -O1 -fno-optimize-sibling-calls -fno-inline-functions -fno-pie -no-pie -nostdlib -static \
    -fno-stack-protector -fcf-protection=none tiny.c -o tiny
dump() {
    name=$1
    shift
    valgrind --tool=callgrind -q --callgrind-out-file="tiny.$name" "$@" ./tiny 2>/dev/null
}
dump plain
dump instr_jumps --dump-instr=yes --collect-jumps=yes
dump instr_alone --dump-instr=yes --dump-line=no
dump uncompressed --compress-strings=no --compress-pos=no
dump events --cache-sim=yes --branch-sim=yes --collect-systime=yes
dump callers --separate-callers=2
dump recs1 --separate-recs=1
dump recs3 --separate-recs=3
dump combined --combine-dumps=yes --dump-before=job
dump run --dump-before=job
valgrind --tool=cachegrind -q --cachegrind-out-file=tiny.cachegrind ./tiny 2>/dev/null
chmod 644 tiny.*
rm "$out"/tiny.* 2>/dev/null || true
mv tiny.* "$out" && mv "$out"/tiny.c "$out"/tiny.h "$work"
