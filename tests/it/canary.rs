//! A secret in every structure of every sample: none of them may stand in a cleaned copy, however it is
//! wrapped, and each of them must have been reported. This covers what nobody listed.

use rayon::prelude::*;
use sparlos::bytes::{Source, run};
use sparlos::formats::by_id;
use sparlos::model::{Examined, Fate, Policy};
use sparlos::pipeline::{self, Job};

use crate::samples::{Sample, Secret, folder, generator, listed, parse};

impl Secret {
    /// The marker as it is spelled in the file, wrappings taken off.
    fn needle(&self) -> Vec<u8> {
        match self.encoding.as_str() {
            "ascii" => self.marker.clone().into_bytes(),
            "utf16le" => self
                .marker
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
            "utf16be" => self
                .marker
                .encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect(),
            "bytes" => unhex(self.marker.as_bytes()).expect("hexadecimal digits"),
            other => panic!("unknown encoding {other}"),
        }
    }

    /// All spellings in which it would still give something away.
    fn spellings(&self) -> Vec<Vec<u8>> {
        let mut all = vec![self.needle()];
        if self.encoding != "bytes" {
            let text = self.marker.as_str();
            all.push(text.as_bytes().to_vec());
            all.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
            all.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        }
        all
    }
}

/// The committed samples.
fn samples() -> Vec<(Sample, Vec<u8>)> {
    listed()
        .into_iter()
        .map(|sample| {
            let bytes = std::fs::read(folder().join(&sample.file)).unwrap();
            (sample, bytes)
        })
        .collect()
}

/// Files with one secret each, which are not committed.
fn canaries() -> Vec<(Sample, Vec<u8>)> {
    let made = generator::canaries();
    let list = parse(&generator::provenance(&made));
    list.into_iter()
        .zip(made.into_iter().map(|c| c.bytes))
        .collect()
}

/// What can be read out of a file: itself, and everything that is wrapped somewhere inside it, with the
/// offset at which the outermost wrapping begins.
fn layers(bytes: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut all = vec![(0, bytes.to_vec())];
    all.extend(shifted(bytes).into_iter().map(|layer| (SAME_PLACE, layer)));
    let mut next = 0;
    // Three wrappings are the most that anybody uses: hexadecimal digits in a zlib stream in base 64.
    while next < all.len() && all.len() < 4000 {
        let (at, layer) = all[next].clone();
        let outermost = |inner: usize| if next == 0 { inner } else { at };
        for (i, inner) in unwrapped(&layer) {
            all.push((outermost(i), inner));
        }
        next += 1;
    }
    all
}

/// What stands in such a layer stands at the same offset in the file.
const SAME_PLACE: usize = usize::MAX;

/// The headers of JPEG XL are bits: a text begins anywhere in a byte, and the code of a profile's bytes
/// turns them around.
fn shifted(bytes: &[u8]) -> Vec<Vec<u8>> {
    if !bytes.starts_with(b"\xFF\x0A") && !bytes.starts_with(b"\0\0\0\x0CJXL ") {
        return Vec::new();
    }
    let turned = |bytes: &[u8]| bytes.iter().map(|b| b.reverse_bits()).collect();
    let shift = |by: u32| {
        let pairs = bytes.windows(2);
        pairs
            .map(|pair| (u16::from_le_bytes([pair[0], pair[1]]) >> by) as u8)
            .collect::<Vec<u8>>()
    };
    (0..8)
        .flat_map(|by| [shift(by), turned(&shift(by))])
        .collect()
}

fn unwrapped(bytes: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut found = Vec::new();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == 0x78) {
        found.extend(inflate(&bytes[at..]).map(|inner| (at, inner)));
    }
    if bytes.starts_with(&[0x1F, 0x8B, 8]) {
        let mut inner = Vec::new();
        let whole =
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut inner);
        found.extend(whole.is_ok().then_some((0, inner)));
    }
    for (decode, digit) in [
        (
            unhex as fn(&[u8]) -> Option<Vec<u8>>,
            u8::is_ascii_hexdigit as fn(&u8) -> bool,
        ),
        (unbase64, |b| {
            b.is_ascii_alphanumeric() || b"+/=".contains(b)
        }),
    ] {
        let mut run: Vec<u8> = Vec::new();
        let mut start = 0;
        for (at, byte) in bytes.iter().chain([&0]).enumerate() {
            if digit(byte) {
                if run.is_empty() {
                    start = at;
                }
                run.push(*byte);
            } else if *byte != b'\n' || run.is_empty() {
                // A shorter run holds no marker.
                if run.len() >= 24 {
                    // A line with a number may stand in front of it.
                    let both = [decode(&run), decode(&run[1..])];
                    found.extend(both.into_iter().flatten().map(|inner| (start, inner)));
                }
                run.clear();
            }
        }
    }
    found
}

/// A zlib stream, or as much of it as there is.
fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut state = flate2::Decompress::new(true);
    let mut out = Vec::with_capacity(1 << 20);
    // Damaged streams count as well: what came out before is readable.
    let _ = state.decompress_vec(bytes, &mut out, flate2::FlushDecompress::Sync);
    (out.len() >= 10).then_some(out)
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    digits
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

pub fn unbase64(digits: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut held, mut count) = (Vec::new(), 0_u32, 0);
    for digit in digits.iter().take_while(|d| **d != b'=') {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        held = held << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((held >> count) as u8);
        }
    }
    Some(out)
}

/// Offset of the outermost wrapping in which `needle` stands.
fn find(layers: &[(usize, Vec<u8>)], needle: &[u8]) -> Option<usize> {
    layers.iter().enumerate().find_map(|(i, (at, layer))| {
        let inner = memchr::memmem::find(layer, needle)?;
        Some(if i == 0 || *at == SAME_PLACE {
            inner
        } else {
            *at
        })
    })
}

/// What cleaning brings: the word for it or the reason against it, the copy, and what was found.
struct Cleaned {
    outcome: String,
    copy: Option<(Vec<u8>, Examined)>,
}

fn clean(bytes: &[u8], policy: Policy) -> Cleaned {
    let job = Job {
        policy,
        ..Job::default()
    };
    let source = Source::memory(bytes);
    let cleaned = pipeline::clean(&source, &job).and_then(|cleaning| {
        let mut out = Vec::new();
        run(&cleaning.examined.plan, &source, &mut out)?;
        let verified = pipeline::verify(&cleaning, &Source::memory(&out), &job)?;
        Ok((verified.kind(), out, cleaning.examined))
    });
    match cleaned {
        Ok((kind, out, inspection)) => Cleaned {
            outcome: serde_json::to_value(kind)
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned(),
            copy: Some((out, inspection)),
        },
        Err(error) => {
            let word = if error.is_refusal() {
                "refused"
            } else {
                "failed"
            };
            Cleaned {
                outcome: format!("{word}: {error}"),
                copy: None,
            }
        }
    }
}

/// Runs `check` on every sample of a format that this program knows, and fails with all complaints.
fn for_each(files: &[(Sample, Vec<u8>)], check: impl Fn(&Sample, &[u8]) -> Vec<String> + Sync) {
    let complaints: Vec<String> = files
        .par_iter()
        .filter(|(sample, _)| by_id(&sample.format).is_some())
        .flat_map_iter(|(sample, bytes)| {
            check(sample, bytes)
                .into_iter()
                .map(|complaint| format!("{}: {complaint}", sample.file))
        })
        .collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn leaks(sample: &Sample, bytes: &[u8]) -> Vec<String> {
    let mut complaints = Vec::new();
    for policy in [Policy::SHARE, Policy::STRICT] {
        let cleaned = clean(bytes, policy);
        // What stays and is named is no leak.
        if sample.expect == "reduced" && cleaned.outcome == "reduced" {
            continue;
        }
        let Some((copy, _)) = cleaned.copy else {
            continue;
        };
        let layers = layers(&copy);
        for secret in &sample.secrets {
            if let Some(at) = secret.spellings().iter().find_map(|s| find(&layers, s)) {
                complaints.push(format!(
                    "{policy:?}: {} stands at byte {at} of the copy",
                    secret.place
                ));
            }
        }
    }
    complaints
}

/// Secrets in structures of which no finding speaks.
fn unreported(sample: &Sample, bytes: &[u8]) -> Vec<String> {
    let Some((_, inspection)) = clean(bytes, Policy::SHARE).copy else {
        return Vec::new();
    };
    let Some(map) = &inspection.parts else {
        return Vec::new();
    };
    let layers = layers(bytes);
    let mut complaints = Vec::new();
    for secret in &sample.secrets {
        let Some(at) = find(&layers, &secret.needle()).map(|at| at as u64) else {
            continue;
        };
        let part = map
            .parts()
            .iter()
            .find(|part| part.span.end() > at)
            .unwrap();
        let name = part.name;
        let reported = inspection
            .found
            .findings
            .iter()
            .any(|finding| match part.fate {
                Fate::Drop(id) => finding.id == id,
                // `image 1` speaks of Image Data.
                Fate::Rebuild(..) | Fate::Inside(..) => {
                    let word = name.split(' ').next().unwrap().to_lowercase();
                    finding.place.to_lowercase().contains(&word)
                }
                Fate::Keep(_) => false,
            });
        if !reported {
            complaints.push(format!("nothing is said of {} ({name})", secret.place));
        }
    }
    complaints
}

#[test]
fn every_secret_stands_in_its_sample() {
    let absent = |sample: &Sample, bytes: &[u8]| {
        let layers = layers(bytes);
        let absent = |secret: &&Secret| find(&layers, &secret.needle()).is_none();
        let absent = sample.secrets.iter().filter(absent);
        absent
            .map(|secret| format!("no {}", secret.place))
            .collect()
    };
    for_each(&samples(), absent);
    for_each(&canaries(), absent);
}

#[test]
fn no_secret_of_a_sample_survives() {
    for_each(&samples(), leaks);
}

#[test]
fn no_secret_of_a_canary_survives() {
    for_each(&canaries(), leaks);
}

#[test]
fn every_structure_with_a_secret_is_reported() {
    for_each(&samples(), unreported);
    for_each(&canaries(), unreported);
}

#[test]
fn samples_end_as_they_should() {
    for_each(&samples(), |sample, bytes| {
        let outcome = clean(bytes, Policy::SHARE).outcome;
        let as_it_should = outcome.split(':').next() == Some(&sample.expect);
        let complaint = format!("{} expected, {outcome}", sample.expect);
        (!as_it_should).then_some(complaint).into_iter().collect()
    });
}
