#!/usr/bin/env bash
# How long does it take, beside copying the files and beside the peers that are installed?
#
#   benches/compare.sh [FOLDER]
#
# Measures on one folder, in one run, with a warm cache: the best of ROUNDS (3) rounds, the programs in
# turn. Without FOLDER it makes one of COUNT (400) photos of about 1.5 MB with cjpeg and exiftool.
# Programs that work in place work on a copy, whose making is part of the time: that is what it costs to
# keep the originals.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${ROUNDS:-3}
count=${COUNT:-400}
cargo build --release --quiet
sparlos=$PWD/target/release/sparlos
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

has() { command -v "$1" >/dev/null; }

# A photo: smooth areas, edges and noise, so that it compresses like one.
photo() {
    awk -v seed="$1" 'BEGIN {
        srand(seed); w = 2400; h = 1600
        printf "P3\n%d %d\n255\n", w, h
        for (y = 0; y < h; y++) {
            line = ""
            for (x = 0; x < w; x++) {
                n = rand() * 56
                line = line int(x / 16 + n) " " int(y / 12 + n) " " int((x + y) / 24 + n) " "
            }
            print line
        }
    }' | cjpeg -quality 88
}

folder=${1:-}
if [ -z "$folder" ]; then
    has cjpeg && has exiftool || { echo "needs cjpeg and exiftool to make photos; or name a folder" >&2; exit 2; }
    echo "making $count photos" >&2
    folder=$work/photos
    mkdir "$folder"
    # Each with all the metadata of one of four kinds: a phone, two cameras, one that was edited.
    kinds=(iphone camera-canon camera-nikon edited)
    for ((kind = 0; kind < ${#kinds[@]}; kind++)); do
        photo "$kind" >"$work/$kind.jpg"
        exiftool -q -q -overwrite_original -tagsfromfile "sample_media/jpeg/${kinds[kind]}.jpg" \
            -all:all -unsafe -icc_profile "$work/$kind.jpg"
    done
    for ((i = 0; i < count; i++)); do
        cp "$work/$((i % ${#kinds[@]})).jpg" "$folder/$(printf %04d "$i").jpg"
    done
    rm "$work"/?.jpg
fi
folder=$(realpath "$folder")
files=$(find "$folder" -type f | wc -l)
bytes=$(du -sb "$folder" | cut -f1)
find "$folder" -type f -exec cat {} + >/dev/null

out=$work/out
declare -A best
order=()

# measure NAME COMMAND…: runs it with $out absent, and remembers the best time in milliseconds.
measure() {
    local name=$1 start end
    shift
    rm -rf "$out"
    start=$(date +%s%N)
    "$@" >/dev/null 2>&1 || true
    end=$(date +%s%N)
    local ms=$(((end - start) / 1000000))
    if [ -z "${best[$name]:-}" ]; then order+=("$name"); fi
    if [ -z "${best[$name]:-}" ] || [ "$ms" -lt "${best[$name]}" ]; then best[$name]=$ms; fi
}

in_place() { # in_place COMMAND…: on every file of a copy, 100 at a time
    cp -r "$folder" "$out"
    find "$out" -type f -print0 | xargs -0 -n 100 "$@"
}

strypt_copy() {
    mkdir "$out"
    strypt strip -r --output-dir "$out" "$folder"
}

mat2_copy() {
    cp -r "$folder" "$out"
    find "$out" -type f -print0 | xargs -0 -n 100 mat2 --inplace
}

for ((round = 0; round < rounds; round++)); do
    measure "cp -r" cp -r "$folder" "$out"
    measure "sparlos clean" "$sparlos" clean --quiet --output "$out" "$folder"
    measure "sparlos scan" "$sparlos" scan --quiet "$folder"
    if has exiftool; then
        measure "exiftool -json" exiftool -q -r -json "$folder"
        measure "exiftool -all=" exiftool -q -r -all= -o "$out/" "$folder"
    fi
    has jhead && measure "cp -r, jhead -purejpg" in_place jhead -purejpg
    has exiv2 && measure "cp -r, exiv2 rm" in_place exiv2 rm
    has strypt && measure "strypt" strypt_copy
    # Slow ones once.
    if [ "$round" = 0 ] && has mat2; then measure "mat2" mat2_copy; fi
done

echo "$files files, $((bytes / 1048576)) MiB, $(nproc) cores, best of $rounds"
printf '%-24s %9s %8s %10s\n' program seconds 'of cp' 'of clean'
for name in "${order[@]}"; do
    awk -v name="$name" -v ms="${best[$name]}" -v cp="${best["cp -r"]}" -v clean="${best["sparlos clean"]}" \
        'BEGIN { printf "%-24s %9.2f %7.2f× %9.2f×\n", name, ms / 1000, ms / (cp ? cp : 1), ms / (clean ? clean : 1) }'
done
if has exiftool; then
    awk -v a="${best["exiftool -json"]}" -v b="${best["sparlos scan"]}" \
        'BEGIN { printf "scan is %.0f times as fast as exiftool -json\n", a / (b ? b : 1) }'
fi
for program in exiftool jhead exiv2 mat2 strypt; do has "$program" || echo "not installed: $program"; done
