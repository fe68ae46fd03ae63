//! Originals are never touched, and nothing unfinished gets a name: whatever happens on the way.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::desk::{Desk, Said};

const IPHONE: &str = "jpeg/iphone.jpg";
const CLEAN: &str = "jpeg/clean.jpg";

/// All that must not change about originals: content, times, rights, place on the disk.
fn seal(desk: &Desk, name: &str) -> BTreeMap<PathBuf, (Vec<u8>, [i64; 6])> {
    let root = desk.path(name);
    let tree = desk.tree(name);
    tree.into_iter()
        .map(|(path, bytes)| {
            let at = fs::symlink_metadata(root.join(&path)).unwrap();
            let of = |n: u64| i64::try_from(n).unwrap();
            let facts = [
                at.mtime(),
                at.mtime_nsec(),
                at.ctime(),
                at.ctime_nsec(),
                of(at.ino()),
                i64::from(at.mode()),
            ];
            (path, (bytes, facts))
        })
        .collect()
}

/// Every file below `name` is one that a second look finds clean, and none is unfinished.
fn all_is_whole(desk: &Desk, name: &str) {
    for path in desk.names(name) {
        assert!(!path.contains(".sparlos-"), "{path} was left");
    }
    let said = desk.run(["scan", name, "--jsonl"]);
    for record in said.json() {
        let clean = record.get("summary").is_some() || record["outcome"] == "nothing_found";
        assert!(clean, "{record}");
    }
}

fn many(files: usize) -> Desk {
    let desk = Desk::new();
    let sample = fs::read(crate::support::samples::folder().join(IPHONE)).unwrap();
    for n in 0..files {
        desk.write(format!("in/{}/{n}.jpg", n % 7), &sample);
    }
    desk
}

/// Files below `name` that are no candidates.
fn named(desk: &Desk, name: &str) -> Vec<String> {
    let names = desk.names(name).into_iter();
    names.filter(|path| !path.contains(".sparlos-")).collect()
}

fn start(desk: &Desk, args: &[&str]) -> Child {
    let mut command = desk.command();
    command
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn wait_for_outputs(desk: &Desk, child: &mut Child, files: usize) {
    let begun = Instant::now();
    while named(desk, "out").len() < files {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not get on"
        );
        assert!(
            child.try_wait().unwrap().is_none(),
            "it was faster than the test"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn originals_are_untouched_by_everything() {
    let desk = many(9);
    desk.sample("jpeg/damaged-header.jpg", "in/damaged.jpg");
    let before = seal(&desk, "in");
    for args in [
        vec!["scan", "in"],
        vec!["clean", "in", "-o", "out"],
        vec![
            "clean",
            "in",
            "-o",
            "out",
            "--overwrite",
            "--names",
            "neutral",
        ],
        vec![
            "clean", "in", "-o", "kept", "--names", "keep", "--times", "keep",
        ],
        vec!["verify", "in", "out", "--pixels"],
        vec!["clean", "in/0/0.jpg", "-o", "one"],
    ] {
        let said = desk.run(&args);
        assert!(said.code <= 1, "{said:?}");
        assert_eq!(seal(&desk, "in"), before, "{args:?}");
    }
}

/// Not even the time of the last look changes, where the system lets the owner read without a trace.
#[cfg(target_os = "linux")]
#[test]
fn reading_leaves_no_trace() {
    let desk = many(1);
    let path = desk.path("in/0/0.jpg");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let times = fs::FileTimes::new().set_accessed(long_ago);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_times(times)
        .unwrap();
    for args in [
        vec!["scan", "in"],
        vec!["clean", "in"],
        vec!["verify", "in", "in-clean"],
    ] {
        assert!(desk.run(&args).code <= 1);
        assert_eq!(
            fs::metadata(&path).unwrap().accessed().unwrap(),
            long_ago,
            "{args:?}"
        );
    }
}

#[test]
fn input_and_output_stay_apart() {
    let desk = many(3);
    fs::create_dir_all(desk.path("in/sub")).unwrap();
    symlink(desk.path("in"), desk.path("door")).unwrap();
    let before = seal(&desk, "");
    for args in [
        ["clean", "in", "-o", "in"],
        ["clean", "in", "-o", "in/sub"],
        ["clean", "in", "-o", "in/new/deep"],
        ["clean", "in/0", "-o", "in"],
        ["clean", "in", "-o", "."],
        ["clean", "in", "-o", "door"],
        ["clean", "in", "-o", "door/new"],
        ["clean", "door", "-o", "in/new"],
        ["clean", "in", "-o", "in/../in/x"],
        ["clean", "in/0/0.jpg", "-o", "in/0"],
        ["clean", "in/0/0.jpg", "-o", "in"],
    ] {
        let said = desk.run(args);
        assert_eq!(said.code, 2, "{args:?} {said:?}");
        assert!(said.err.contains("inside each other"), "{said:?}");
        assert_eq!(seal(&desk, ""), before, "{args:?}");
        assert!(!desk.path("in/new").exists(), "{args:?}");
    }
}

#[test]
fn links_in_the_output_do_not_lead_back() {
    let desk = Desk::new();
    desk.sample(IPHONE, "in/sub/a.jpg");
    desk.sample(IPHONE, "in/sub/inner/b.jpg");
    desk.sample(IPHONE, "in/c.jpg");
    desk.sample(CLEAN, "elsewhere.jpg");
    fs::create_dir_all(desk.path("out")).unwrap();
    symlink(desk.path("in/sub"), desk.path("out/sub")).unwrap();
    symlink(desk.path("elsewhere.jpg"), desk.path("out/c.jpg")).unwrap();
    let before = seal(&desk, "in");
    for overwrite in [false, true] {
        let mut args = vec!["clean", "in", "-o", "out", "--jsonl"];
        args.extend(overwrite.then_some("--overwrite"));
        let said = desk.run(&args);
        assert_eq!(said.code, 2, "{said:?}");
        for path in ["in/sub/a.jpg", "in/sub/inner/b.jpg"] {
            let record = said.about(path);
            assert_eq!(record["outcome"], "failed");
            assert!(
                record["reason"]
                    .as_str()
                    .unwrap()
                    .contains("back into the input")
            );
        }
        let linked = &said.about("in/c.jpg")["outcome"];
        assert_eq!(linked, if overwrite { "cleaned" } else { "failed" });
        assert_eq!(seal(&desk, "in"), before);
        let elsewhere = fs::read(desk.path("elsewhere.jpg")).unwrap();
        let sample = fs::read(crate::support::samples::folder().join(CLEAN)).unwrap();
        assert_eq!(elsewhere, sample, "what a link leads to is not written to");
    }
}

#[test]
fn what_is_no_file_is_refused_at_once() {
    let desk = Desk::new();
    desk.sample(CLEAN, "in/a.jpg");
    let made = desk.shell("mkfifo in/pipe.jpg");
    assert_eq!(made.code, 0);
    let _socket = UnixListener::bind(desk.path("in/socket.jpg")).unwrap();
    symlink("/dev/zero", desk.path("in/zero.jpg")).unwrap();
    symlink("loop.jpg", desk.path("in/loop.jpg")).unwrap();
    symlink(".", desk.path("in/up")).unwrap();
    symlink("a.jpg", desk.path("in/link.jpg")).unwrap();
    symlink("gone.jpg", desk.path("in/dangling.jpg")).unwrap();
    let begun = Instant::now();
    let said = desk.run(["clean", "in", "--jsonl"]);
    assert_eq!(said.code, 1, "{said:?}");
    for name in ["pipe", "socket", "zero", "loop", "link", "dangling"] {
        let record = said.about(&format!("in/{name}.jpg"));
        assert_eq!(record["outcome"], "refused", "{record}");
        assert!(
            record["reason"]
                .as_str()
                .unwrap()
                .contains("not a regular file"),
            "{record}"
        );
    }
    assert_eq!(said.about("in/up")["outcome"], "refused");
    assert_eq!(desk.names("in-clean"), ["a.jpg"]);
    let said = desk.run(["scan", "in", "--follow-links", "--jsonl"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.about("in/up")["reason"], "not a regular file: loop");
    assert_eq!(
        said.about("in/zero.jpg")["reason"],
        "not a regular file: device"
    );
    let clean = said
        .json()
        .iter()
        .filter(|r| r["outcome"] == "nothing_found")
        .count();
    assert_eq!(clean, 1, "a file and the link to it are one file: {said:?}");
    for (path, what) in [("/dev/zero", "device"), ("in/pipe.jpg", "pipe")] {
        let said = desk.run(["scan", path, "--jsonl"]);
        assert_eq!(
            said.about(path)["reason"],
            format!("not a regular file: {what}")
        );
    }
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "nobody waits for a pipe"
    );
}

#[test]
fn followed_links_do_not_lead_into_the_output() {
    let desk = Desk::new();
    desk.sample(IPHONE, "in/a.jpg");
    desk.sample(IPHONE, "store/b.jpg");
    fs::create_dir_all(desk.path("out")).unwrap();
    symlink(desk.path("out"), desk.path("in/back")).unwrap();
    symlink(desk.path("store"), desk.path("in/store")).unwrap();
    for _ in 0..2 {
        let said = desk.run(["clean", "in", "-o", "out", "--follow-links"]);
        assert_eq!(said.code, 0, "{said:?}");
        assert_eq!(desk.names("out"), ["a.jpg", "store/b.jpg"]);
    }
}

#[test]
fn names_can_be_any_bytes() {
    let desk = Desk::new();
    let odd: [&[u8]; 5] = [
        b"a\xFF\xFEb.jpg",
        b"new\nline.jpg",
        b"-rf.jpg",
        b" .jpg",
        b"'; rm x.jpg",
    ];
    for name in odd {
        desk.sample(IPHONE, Path::new("in").join(OsStr::from_bytes(name)));
    }
    let said = desk.run(["clean", "in"]);
    assert_eq!(said.code, 0, "{said:?}");
    let outputs = desk.names("in-clean");
    assert_eq!(outputs.len(), 5);
    for name in outputs {
        assert!(name.starts_with("photo-0") || name == "-rf.jpg", "{name}");
    }
    // Names that are kept are such that every system can write them.
    let kept = desk.run(["clean", "in", "--names", "keep", "-o", "kept"]);
    assert_eq!(kept.code, 0, "{kept:?}");
    assert_eq!(
        desk.names("kept"),
        [
            " .jpg",
            "'; rm x.jpg",
            "-rf.jpg",
            "a__b.jpg",
            "new_line.jpg"
        ]
    );
    assert_eq!(
        said.out
            .lines()
            .filter(|line| line.starts_with("in/"))
            .count(),
        5,
        "{said:?}"
    );
    let said = desk.run(["verify", "in", "in-clean"]);
    assert_eq!(said.code, 0, "{said:?}");
}

#[test]
fn huge_files_need_little_memory_and_end() {
    let desk = Desk::new();
    let nothing = File::create(desk.write("in/zeros.jpg", b"")).unwrap();
    nothing.set_len(3 << 30).unwrap();
    let path = desk.sample(CLEAN, "in/tail.jpg");
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(200 << 20)
        .unwrap();
    let said = desk.shell("ulimit -v 900000; $S clean in --jobs 2 --jsonl");
    assert!(said.code <= 1, "{said:?}");
    assert_eq!(said.about("in/zeros.jpg")["outcome"], "refused");
    // Megabytes of nothing behind the picture: left out, or refused, but understood.
    let outcome = said.about("in/tail.jpg")["outcome"].clone();
    assert!(outcome == "cleaned" || outcome == "refused", "{said:?}");
    all_is_whole(&desk, "in-clean");
}

#[test]
fn files_that_change_while_they_are_read() {
    let desk = Desk::new();
    let sample = fs::read(crate::support::samples::folder().join(IPHONE)).unwrap();
    let path = desk.write("in/restless.jpg", &sample);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let file = File::options().write(true).open(&path).unwrap();
            let mut len = 0;
            while !stop.load(Ordering::Relaxed) {
                len = (len + 977) % sample.len();
                file.set_len(len as u64).unwrap();
                fs::write(&path, &sample).unwrap();
            }
        });
        for n in 0..60 {
            let out = format!("out/{n}");
            let said = desk.run(["clean", "in", "-o", &out, "--jsonl"]);
            let outcome = said.about("in/restless.jpg")["outcome"].clone();
            let made = desk.names(&out).len();
            let known = ["cleaned", "refused", "failed", "reduced"];
            assert!(known.contains(&outcome.as_str().unwrap()), "{said:?}");
            assert_eq!(
                made,
                usize::from(outcome == "cleaned" || outcome == "reduced"),
                "{said:?}"
            );
        }
        stop.store(true, Ordering::Relaxed);
    });
    all_is_whole(&desk, "out");
}

#[test]
fn a_killed_run_leaves_nothing_unfinished() {
    let desk = many(400);
    let before = seal(&desk, "in");
    for round in 0..4 {
        let mut child = start(&desk, &["clean", "in", "-o", "out", "--quiet"]);
        wait_for_outputs(&desk, &mut child, 1 + round * 40);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(seal(&desk, "in"), before);
        // What has a name is whole; what has none is gone after the next run.
        let named = named(&desk, "out");
        assert!(!named.is_empty());
        let pairs = named.iter().take(20).map(|name| {
            let said = desk.run(["verify", &format!("in/{name}"), &format!("out/{name}")]);
            (name, said.code)
        });
        for (name, code) in pairs {
            assert_eq!(code, 0, "{name}");
        }
    }
    let said = desk.run(["clean", "in", "-o", "out", "--quiet"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(desk.names("out").len(), 400);
    all_is_whole(&desk, "out");
}

#[test]
fn interrupting_ends_it_with_two() {
    let desk = many(400);
    let before = seal(&desk, "in");
    let mut child = start(&desk, &["clean", "in", "-o", "out", "--quiet"]);
    wait_for_outputs(&desk, &mut child, 10);
    let killed = desk.shell(&format!("kill -INT {}", child.id()));
    assert_eq!(killed.code, 0);
    let said = Said::new(&child.wait_with_output().unwrap());
    assert_eq!(said.code, 2, "{said:?}");
    let left = said.out.split("Interrupted: ").nth(1).expect("it is said");
    let left: usize = left.split(' ').next().unwrap().parse().unwrap();
    assert!((1..400).contains(&left), "{said:?}");
    assert!(desk.names("out").len() < 400);
    all_is_whole(&desk, "out");
    assert_eq!(seal(&desk, "in"), before);
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing() {
    let desk = Desk::new();
    desk.sample(CLEAN, "in/small.jpg");
    let noise: Vec<u8> = (0..300 * 300 * 3u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let picture = image::RgbImage::from_raw(300, 300, noise).unwrap();
    picture.save(desk.path("in/large.jpg")).unwrap();
    let blocks = fs::metadata(desk.path("in/large.jpg")).unwrap().len() / 512 - 1;
    assert!(fs::metadata(desk.path("in/small.jpg")).unwrap().len() / 512 < blocks);
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; $S clean in --jsonl");
    let said = desk.shell(&script);
    assert_eq!(said.code, 2, "{said:?}");
    assert_eq!(said.about("in/large.jpg")["outcome"], "failed");
    assert_eq!(desk.names("in-clean"), ["small.jpg"]);
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; $S clean in -o two");
    let said = desk.shell(&script);
    assert!(
        said.out
            .contains("The copy cannot be written: the disk is full."),
        "{said:?}"
    );
    // A report that does not fit is no half report.
    let said = desk.shell("trap '' XFSZ; ulimit -f 1; $S scan in --report r.json");
    assert!(
        said.code == 2 || desk.path("r.json").metadata().unwrap().len() <= 512,
        "{said:?}"
    );
}

/// A real, small, full disk where the machine lets the test make one.
#[test]
fn a_small_disk_runs_full() {
    let desk = many(40);
    fs::create_dir(desk.path("disk")).unwrap();
    let said = desk.shell(
        "unshare -rm sh -c 'mount -t tmpfs -o size=80k none disk && { $S clean in -o disk/out --jsonl; \
         echo \"code $?\" >&2; find disk -name \".sparlos-*\" >&2; $S scan disk/out --quiet >/dev/null; \
         echo \"code $?\" >&2; }'",
    );
    if !said.err.contains("code ") {
        eprintln!("skipped: no disk to be had here: {}", said.err);
        return;
    }
    assert_eq!(said.err, "code 2\ncode 0\n", "{said:?}");
    let failed = said
        .json()
        .iter()
        .filter(|r| r["outcome"] == "failed")
        .count();
    assert!(failed > 0 && failed < 40, "{failed}");
}

#[test]
fn outputs_that_cannot_be_written_are_said_beforehand() {
    let desk = many(2);
    fs::create_dir(desk.path("locked")).unwrap();
    fs::set_permissions(desk.path("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    desk.write("file", b"x");
    for output in ["/proc/sparlos", "/dev/null/x", "file", "file/x"] {
        let said = desk.run(["clean", "in", "-o", output]);
        assert_eq!(
            (said.code, said.out.as_str()),
            (2, ""),
            "{output}: {said:?}"
        );
        assert_eq!(said.err.lines().count(), 1, "{said:?}");
    }
    // The superuser may write everywhere.
    if fs::write(desk.path("locked/probe"), b"").is_err() {
        let said = desk.run(["clean", "in", "-o", "locked/out"]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        assert!(said.err.contains("no permission"), "{said:?}");
    }
    let said = desk
        .shell("unshare -rm sh -c 'mount -t tmpfs -o ro none locked && $S clean in -o locked/out'");
    if !said.err.contains("unshare") && !said.err.contains("mount") {
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        assert!(said.err.contains("cannot be written to"), "{said:?}");
    }
}

#[test]
fn folders_that_cannot_be_read_are_said() {
    let desk = many(2);
    fs::create_dir(desk.path("in/locked")).unwrap();
    fs::set_permissions(desk.path("in/locked"), fs::Permissions::from_mode(0o000)).unwrap();
    let unreadable = fs::read_dir(desk.path("in/locked")).is_err();
    let said = desk.run(["scan", "in", "--jsonl"]);
    if unreadable {
        assert_eq!(said.about("in/locked")["outcome"], "failed");
    }
    fs::set_permissions(desk.path("in/locked"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn candidates_of_the_dead_are_removed_and_those_of_the_living_stay() {
    let desk = many(7);
    desk.write("out/0/.sparlos-AAAAbbbb.part", b"half a picture");
    let living = desk.write("out/0/.sparlos-CCCCdddd.part", b"half a picture");
    desk.write("out/0/.sparlos-notes.txt", b"somebody's own");
    desk.write("out/0/.sparlos-AAAAbbbb.part.txt", b"somebody's own");
    let lock = File::options().write(true).open(living).unwrap();
    lock.try_lock().unwrap();
    assert_eq!(desk.run(["clean", "in", "-o", "out"]).code, 0);
    let left: Vec<String> = desk
        .names("out/0")
        .into_iter()
        .filter(|name| name.contains("sparlos"))
        .collect();
    assert_eq!(
        left,
        [
            ".sparlos-AAAAbbbb.part.txt",
            ".sparlos-CCCCdddd.part",
            ".sparlos-notes.txt"
        ]
    );
}

#[test]
fn rights_follow_the_users_mask() {
    let desk = many(1);
    fs::set_permissions(desk.path("in/0/0.jpg"), fs::Permissions::from_mode(0o400)).unwrap();
    for (mask, mode) in [("022", 0o644), ("027", 0o640), ("077", 0o600)] {
        let said = desk.shell(&format!("umask {mask}; $S clean in -o out{mask}"));
        assert_eq!(said.code, 0, "{said:?}");
        let made = fs::metadata(desk.path(format!("out{mask}/0/0.jpg"))).unwrap();
        assert_eq!(made.permissions().mode() & 0o777, mode);
    }
}

#[test]
fn a_folder_in_the_way_is_an_error() {
    let desk = many(1);
    desk.write("out/0/0.jpg/x", b"x");
    for overwrite in [false, true] {
        let mut args = vec!["clean", "in", "-o", "out", "--jsonl"];
        args.extend(overwrite.then_some("--overwrite"));
        let said = desk.run(&args);
        assert!(said.code >= 1);
        assert_eq!(said.about("in/0/0.jpg")["outcome"], "failed", "{said:?}");
        assert_eq!(desk.names("out"), ["0/0.jpg/x"]);
    }
}

#[test]
fn copies_carry_no_attributes() {
    let desk = many(1);
    let said = desk.shell("setfattr -n user.xdg.origin.url -v https://example.org/anna in/0/0.jpg");
    if said.code != 0 {
        eprintln!("skipped: no setfattr, or a file system without attributes");
        return;
    }
    let said = desk.run(["clean", "in", "--jsonl"]);
    let record = said.about("in/0/0.jpg");
    let found = record["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["id"] == "fs.xattr");
    assert_eq!(
        found.expect("it is said")["value"]["text"],
        "https://example.org/anna"
    );
    let left = desk.shell("getfattr -d in-clean/0/0.jpg");
    assert_eq!(left.out, "", "{left:?}");
}

#[test]
fn the_same_bytes_whatever_the_number_of_threads() {
    let desk = many(50);
    assert_eq!(
        desk.run(["clean", "in", "-o", "one", "--jobs", "1"]).code,
        0
    );
    assert_eq!(
        desk.run(["clean", "in", "-o", "many", "--jobs", "8"]).code,
        0
    );
    assert_eq!(desk.tree("one"), desk.tree("many"));
    let said = |jobs| desk.run(["scan", "in", "--jobs", jobs]).out;
    assert_eq!(said("1"), said("8"));
}
