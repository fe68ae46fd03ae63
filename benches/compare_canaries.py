#!/usr/bin/env python3
"""What do cleaners leave? Writes docs/COMPARISON.md.

    benches/compare_canaries.py [TOOL…]

Makes files with a unique secret in every structure (`make_samples --canaries`), gives a copy of each to
every cleaner that is installed, and searches what comes out for the secrets: as they stand, in UTF-16,
inside zlib streams, hexadecimal digits and base 64. Whether the picture is still the same is judged by
ImageMagick, orientation and ICC profile included. Needs Python 3.9 and the tools; nothing else.
SPARLOS and MAKE_SAMPLES may name programs that are built already, TOOLS a folder with further cleaners.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPARLOS = Path(os.environ.get("SPARLOS", ROOT / "target/release/sparlos")).resolve()
# ImageMagick cannot tell whether these are still the same.
NO_PICTURES = ("docx", "emf", "epub", "gzip", "odf", "odg", "odp", "ods", "odt", "pdf", "pptx", "tar",
               "wav", "wmf", "xlsx", "zip")
# Why our copy differs from the original, as ImageMagick sees both. A file that is not named here is a fault.
WHY = {
    "tiff/pages.tif": "two of the four pages are reduced pictures of the other two; they are removed",
    "jpeg/canary/attack-orientation-as-text.jpg": "the orientation is a text that is no number; no program turns "
    "the picture, but ImageMagick calls the orientation \"unrecognized\", and \"undefined\" when it is gone",
    "webp/canary/attack-anmf-tail.webp": "libwebp, and so ImageMagick, does not show the original; the copy is shown",
    "webp/canary/attack-unknown-before-bitstream.webp": "libwebp, and so ImageMagick, does not show the original; "
    "the copy is shown",
    "svg/canary/one-media-type.svg": "librsvg does not show a picture of an unknown media type, browsers do; the "
    "copy has the right type",
    "svg/canary/one-fragment-behind-data.svg": "librsvg does not show a picture with a fragment behind its data, "
    "browsers do; the copy has no fragment",
    "svg/canary/one-private-language.svg": "the text names no font, and fontconfig takes another one for a "
    "language that it does not know",
}
STRICT = "gain maps are removed by `--policy strict`"
CONVERT = next((c for c in ("magick", "convert-im6.q16", "convert") if shutil.which(c)), None)


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, **more)


def in_place(*command):
    """A tool that changes the file that it is given."""

    def clean(source, target):
        shutil.copy(source, target)
        return run([*command, target]).returncode == 0

    return clean


def to_output(*command):
    """A tool that writes another file; IN and OUT are replaced."""

    def clean(source, target):
        names = {"IN": str(source), "OUT": str(target)}
        done = run([names.get(word, word) for word in command])
        return done.returncode == 0 and target.exists()

    return clean


def exiftool(source, target):
    # Its own advice: keep what colours and orientation need.
    done = run(["exiftool", "-q", "-all=", "-tagsfromfile", "@", "-colorspacetags", "-orientation",
                "-o", target, source])
    return done.returncode == 0 and target.exists()


def jpegtran(source, target):
    with open(target, "wb") as out:
        done = subprocess.run(["jpegtran", "-copy", "none", source], stdout=out,
                              stderr=subprocess.DEVNULL, timeout=120)
    return done.returncode == 0 and target.stat().st_size > 0


def mat2(*flags):
    def clean(source, target):
        copy = target.with_name("in" + target.suffix)
        shutil.copy(source, copy)
        done = run(["mat2", *flags, copy])
        made = copy.with_name("in.cleaned" + target.suffix)
        if made.exists():
            made.rename(target)
        copy.unlink()
        return done.returncode == 0 and target.exists()

    return clean


def sparlos(policy):
    def clean(source, target):
        folder = Path(tempfile.mkdtemp(dir=target.parent))
        done = run([SPARLOS, "clean", "--quiet", "--names", "keep",
                    "--policy", policy, "--output", folder, source])
        made = [path for path in folder.rglob("*") if path.is_file()]
        if made:
            made[0].rename(target)
        shutil.rmtree(folder)
        # Exit code 1 with a copy: something named stays, and that is said.
        return done.returncode == 0 or (done.returncode == 1 and target.exists() and "reduced")

    return clean


def strypt(source, target):
    folder = Path(tempfile.mkdtemp(dir=target.parent))
    done = run([program("strypt"), "strip", "--output-dir", folder, source])
    made = [path for path in folder.rglob("*") if path.is_file()]
    if made:
        made[0].rename(target)
    return done.returncode == 0 and bool(made)


def program(name):
    return shutil.which(str(name)) or shutil.which(str(name), path=os.environ.get("TOOLS", ""))


# Name, program, how to ask for its version, formats, how to clean, the command for the page.
TOOLS = [
    ("sparlos", SPARLOS, ["--version"], None, sparlos("share"),
     "sparlos clean"),
    ("sparlos strict", SPARLOS, ["--version"], None, sparlos("strict"),
     "sparlos clean --policy strict"),
    ("ExifTool", "exiftool", ["-ver"], None, exiftool,
     "exiftool -all= -tagsfromfile @ -colorspacetags -orientation"),
    ("mat2", "mat2", ["--version"], None, mat2(), "mat2"),
    ("mat2 lightweight", "mat2", ["--version"], None, mat2("--lightweight"), "mat2 --lightweight"),
    ("strypt", "strypt", ["--version"], None, strypt, "strypt strip"),
    ("exiv2", "exiv2", ["--version"], ("jpeg", "png", "webp"), in_place("exiv2", "rm"), "exiv2 rm"),
    ("jhead", "jhead", ["-V"], ("jpeg",), in_place("jhead", "-q", "-purejpg"), "jhead -purejpg"),
    ("jpegtran", "jpegtran", ["-version"], ("jpeg",), jpegtran, "jpegtran -copy none"),
    ("ImageMagick", CONVERT, ["-version"], None,
     to_output(CONVERT or "", "IN", "-strip", "OUT"), "convert -strip (codes JPEG anew)"),
    ("FFmpeg", "ffmpeg", ["-version"], ("jpeg", "png"),
     to_output("ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", "IN", "-map_metadata", "-1",
               "-c", "copy", "-fflags", "+bitexact", "OUT"),
     "ffmpeg -map_metadata -1 -c copy"),
]


def version(name, flags):
    out = run([name, *flags]).stdout.decode(errors="replace")
    found = re.search(r"\d+\.\d+(\.\d+)*(-\d+)?", out)
    return found.group() if found else "?"


LOOKS = {"pixels": "changed", "turned": "turned", "colours": "colours", "hdr": "HDR"}


def needles(secret):
    marker = secret["marker"]
    if secret["encoding"] == "bytes":
        return [bytes.fromhex(marker)]
    return [marker.encode(), marker.encode("utf-16-le"), marker.encode("utf-16-be")]


def layers(data, depth=3):
    """The file, and all that is wrapped in it."""
    yield data
    if depth == 0:
        return
    for at in re.finditer(b"x", data):
        inflater = zlib.decompressobj()
        out = bytearray()
        try:
            for i in range(at.start(), len(data), 64):
                out += inflater.decompress(data[i:i + 64], 1 << 20)
                if inflater.eof or len(out) > 1 << 20:
                    break
        except zlib.error:
            pass
        if len(out) >= 10:
            yield from layers(bytes(out), depth - 1)
    for match in re.finditer(rb"(?:[0-9a-fA-F]\n?){24,}", data):
        digits = match.group().replace(b"\n", b"")
        # A line with a number may stand in front of it.
        for digits in (digits, digits[1:]):
            yield from layers(bytes.fromhex(digits[:len(digits) & ~1].decode()), depth - 1)
    for match in re.finditer(rb"[A-Za-z0-9+/]{24,}", data):
        digits = match.group()
        digits = digits[:len(digits) & ~3]
        yield from layers(base64.b64decode(digits), depth - 1)


def look(path):
    """What is seen: pixels of every frame; orientation; whether there is a colour profile."""
    format = "%wx%h %# %[orientation] %[profile:icc]\n"
    out = run([CONVERT, "-quiet", path, "-format", format, "info:"]).stdout.decode(errors="replace")
    frames = [line.split(" ", 3) for line in out.splitlines() if re.match(r"\d+x\d+ [0-9a-f]{64} ", line)]
    if not frames:
        return None, None, None
    upright = {"Undefined": "TopLeft"}
    turned = upright.get(frames[0][2], frames[0][2])
    return [frame[:2] for frame in frames], turned, len(frames[0]) > 3 and bool(frames[0][3].strip())


def is_hdr(path):
    """Whether a second JPEG stands behind the first one, with its numbers."""
    data = path.read_bytes()
    return data.count(b"\xff\xd8\xff") > 1 and (b"hdrgm:GainMapMax" in data or b"HDRGainMapVersion" in data)


def one(clean, file, folder, seen):
    """What one tool makes of one file: counts, where secrets are left, and how the picture differs."""
    source = folder / file["file"]
    with tempfile.TemporaryDirectory() as work:
        target = Path(work) / ("out" + source.suffix)
        try:
            said = clean(source, target)
        except subprocess.TimeoutExpired:
            said = False
        if not said:
            return {"refused": 1}, [], []
        everything = list(layers(target.read_bytes()))
        left = [s["where"] for s in file["secrets"]
                if any(needle in layer for needle in needles(s) for layer in everything)]
        verdict = "dirty" if left and said is True else "reduced" if said == "reduced" else "clean"
        count = {verdict: 1, "left": len(left) if said is True else 0}
        if source not in seen:
            seen[source] = look(source)
        before, after = seen[source], look(target)
        if before[0]:
            count["pixels"] = before[0] != after[0]
            count["turned"] = before[1] != after[1]
            count["colours"] = bool(before[2]) and not after[2]
        if "hdr." in file["file"]:
            count["hdr"] = is_hdr(source) and not is_hdr(target)
        differs = [(file["file"], LOOKS[key]) for key in LOOKS if count.get(key)]
        return count, [f'{file["file"]}: {place}' for place in left], differs


def compare(tool, files, folder, seen):
    _, _, _, formats, clean, _ = tool
    mine = [file for file in files if not formats or file["format"] in formats]
    total = dict.fromkeys(("clean", "reduced", "refused", "dirty", "left", "pixels", "turned", "colours", "hdr"), 0)
    survivors, differences = [], []
    with ThreadPoolExecutor(8) as pool:
        for count, left, differs in pool.map(lambda file: one(clean, file, folder, seen), mine):
            for key, n in count.items():
                total[key] += n
            survivors += left
            differences += differs
    return total, survivors, differences


def main():
    if "SPARLOS" not in os.environ:
        subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    wanted = sys.argv[1:]
    rows, details, ours, seen = [], [], [], {}
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        generator = os.environ.get("MAKE_SAMPLES", "cargo run --quiet --example make_samples --").split()
        made = subprocess.run([*generator, "--canaries", folder], cwd=ROOT, check=True,
                              stdout=subprocess.PIPE)
        files = [file for file in json.loads(made.stdout)
                 if file["secrets"] and file["format"] not in NO_PICTURES]
        for tool in TOOLS:
            name, path, flags, formats, clean, command = tool
            if wanted and name not in wanted:
                continue
            found = path and program(path)
            if not found:
                print(f"{name}: not installed", file=sys.stderr)
                continue
            count, survivors, differences = compare(tool, files, folder, seen)
            rows.append((name, version(found, flags), command, count))
            details.append((name, survivors))
            if name.startswith("sparlos"):
                ours.append((name, differences))
            print(name, count, file=sys.stderr)
            for survivor in survivors:
                print(f"{name}\t{survivor}")
    if not wanted:
        (ROOT / "docs/COMPARISON.md").write_text(page(files, rows, details, ours))


def why(file, how):
    return STRICT if how == "HDR" else WHY.get(file, "**not explained**")


def page(files, rows, details, ours):
    total = sum(len(file["secrets"]) for file in files)
    formats = sorted({file["format"] for file in files})
    out = [
        "# What cleaners leave",
        "",
        "Made by `benches/compare_canaries.py`; not to be edited.",
        "",
        f"{len(files)} invented files ({', '.join(formats)}) hold {total} secrets, one in each structure in",
        "which something can hide: the samples of `sample_media/` and files with one odd structure each.",
        "Every tool got a copy of every file of a format that it cleans. *Clean* are files without any",
        "secret. *Refused* are those for which the tool reported an error. *Reduced* are those for which",
        "it said that something named stays. ***Left** are those that it called done although secrets are",
        "in them.* A picture is *changed* when ImageMagick sees other pixels, *turned* when its orientation",
        "was lost, so that it is shown lying on its side; *colours* counts lost colour profiles, *HDR* lost",
        "gain maps. Unsupported variants count as refused. Files that",
        "are damaged on purpose should be refused, and not every secret is as easy to find in a real file.",
        "",
        "| tool | version | clean | reduced | refused | **secrets left** | in files | changed | turned | colours | HDR |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, number, _, c in rows:
        out.append(f"| {name} | {number} | {c['clean']} | {c['reduced']} | {c['refused']} | "
                   f"**{c['left']}** | {c['dirty']} | {c['pixels']} | {c['turned']} | "
                   f"{c['colours']} | {c['hdr']} |")
    out += ["", "Commands:", ""]
    out += [f"- {name}: `{command}`" for name, _, command, _ in rows]
    out += ["", "## Where our copies look different", ""]
    for name, differences in ours:
        out += [f"- {name}, {how}: `{file}`: {why(file, how)}" for file, how in differences]
    out += ["", "## Where they were left", "",
            "In files that were called *reduced*, too: there sparlos says which.", ""]
    for name, survivors in details:
        groups = {}
        for survivor in survivors:
            file, place = survivor.split(": ", 1)
            groups.setdefault(file.split("/")[0], set()).add(place.split("/")[0])
        if not groups:
            out.append(f"- {name}: nowhere")
            continue
        for kind, places in sorted(groups.items()):
            shown = sorted(places)
            more = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
            out.append(f"- {name}, {kind}: {', '.join(shown[:12])}{more}")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    main()
