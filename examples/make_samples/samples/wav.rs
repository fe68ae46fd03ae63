//! Recordings: WAV with the chunks of recorders and programs.

use super::seed::Seeds;
use super::{Expect, Sample};

fn chunk(id: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = id.to_vec();
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out.extend(&[0][..data.len() % 2]);
    out
}

fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"RIFF", &[&b"WAVE"[..], &chunks.concat()].concat())
}

/// PCM, mono, 8,000 samples a second of 16 bits.
fn fmt() -> Vec<u8> {
    let mut out = vec![1, 0, 1, 0];
    out.extend(8_000u32.to_le_bytes());
    out.extend(16_000u32.to_le_bytes());
    out.extend([2, 0, 16, 0]);
    chunk(b"fmt ", &out)
}

/// A hundredth of a second of a triangle wave.
fn samples() -> Vec<u8> {
    let wave = (0..80i16).map(|n| (n % 20 - 10) * 900);
    wave.flat_map(i16::to_le_bytes).collect()
}

/// A text in a field of this length.
fn field(text: &str, len: usize) -> Vec<u8> {
    let mut out = text.as_bytes().to_vec();
    out.resize(len, 0);
    out
}

fn recorder(s: &mut Seeds) -> Vec<u8> {
    let bext = [
        field(&s.text("bext/Description", "Kitchen "), 256),
        field(&s.text("bext/Originator", "Anna Exempel "), 32),
        field(&s.text("bext/OriginatorReference", "SN "), 32),
        b"2026-05-1214:30:00".to_vec(),
        vec![0; 8],
        vec![2, 0],
        field(&s.text("bext/UMID", ""), 64),
        vec![0; 190],
        s.text("bext/CodingHistory", "A=PCM,T=").into_bytes(),
    ];
    let info = [
        b"INFO".to_vec(),
        chunk(
            b"IART",
            s.text("LIST INFO/IART", "Anna Exempel ").as_bytes(),
        ),
        chunk(b"ISFT", s.text("LIST INFO/ISFT", "Recorder ").as_bytes()),
        chunk(b"ICMT", s.text("LIST INFO/ICMT", "at home ").as_bytes()),
    ];
    let notes = s.text("iXML", "<BWFXML><NOTE>");
    let guano = s.text(
        "guan",
        "GUANO|Version: 1.0\nLoc Position: 57.5 19.9\nSerial: ",
    );
    let mut out = file(&[
        chunk(b"bext", &bext.concat()),
        chunk(b"JUNK", &[0; 28]),
        fmt(),
        chunk(b"iXML", format!("{notes}</NOTE></BWFXML>").as_bytes()),
        chunk(b"guan", guano.as_bytes()),
        chunk(b"data", &samples()),
        chunk(b"LIST", &info.concat()),
        chunk(
            b"id3 ",
            s.text("id3", "ID3\u{3}\0\0\0\0\0\u{20}TIT2\0\0\0\u{10}\0\0\0")
                .as_bytes(),
        ),
        chunk(b"smpl", s.text("smpl", "").as_bytes()),
        chunk(b"abcd", s.text("unknown chunk", "x ").as_bytes()),
    ]);
    out.extend(s.text("behind the end", "tail ").bytes());
    out
}

/// RF64: the true lengths are in `ds64`.
fn long(s: &mut Seeds) -> Vec<u8> {
    let data = samples();
    let table = s.text("ds64/table", "");
    let mut ds64 = 0u64.to_le_bytes().to_vec();
    ds64.extend((data.len() as u64).to_le_bytes());
    ds64.extend(80u64.to_le_bytes());
    ds64.extend(0u32.to_le_bytes());
    ds64.extend(table.bytes());
    let mut out = file(&[chunk(b"ds64", &ds64), fmt(), chunk(b"data", &data)]);
    out[..4].copy_from_slice(b"RF64");
    out[4..8].fill(0xFF);
    let at = out.len() - data.len() - 4;
    out[at..at + 4].fill(0xFF);
    out
}

/// All of them.
pub fn all() -> Vec<Sample> {
    let wav =
        |name: &str, imitates: &str, how: &str, expect, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
            Sample::new("wav", name, imitates, how, expect, make)
        };
    vec![
        wav(
            "recorder.wav",
            "a sound recorder",
            "bext, iXML, GUANO, LIST INFO, ID3, sampler data, an unknown chunk, bytes behind the end",
            Expect::Cleaned,
            &recorder,
        ),
        wav(
            "long.rf64",
            "a long recording",
            "RF64 with a text in its table",
            Expect::Cleaned,
            &long,
        ),
        wav(
            "clean.wav",
            "a recording without anything",
            "fmt and data",
            Expect::AlreadyClean,
            &|_| file(&[fmt(), chunk(b"data", &samples())]),
        ),
        wav(
            "damaged-no-format.wav",
            "a damaged file",
            "sound without its description",
            Expect::Refused,
            &|_| file(&[chunk(b"data", &samples())]),
        ),
    ]
}
