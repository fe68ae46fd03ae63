//! Films for tests.

/// A box.
pub(crate) fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len() + 8)
        .unwrap()
        .to_be_bytes()
        .to_vec();
    out.extend_from_slice(kind);
    out.extend_from_slice(body);
    out
}

/// A box with version 0 and no flags.
pub(crate) fn full(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[0; 4], body].concat())
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// A track of a film: handler, format, what stands behind the common part of the sample entry, samples.
pub(crate) struct Track<'a> {
    pub(crate) handler: &'a [u8; 4],
    pub(crate) format: &'a [u8; 4],
    pub(crate) entry: &'a [u8],
    pub(crate) samples: &'a [&'a [u8]],
}

impl Track<'_> {
    /// The `trak` box; the samples stand at `at` in one chunk.
    fn boxed(&self, at: usize) -> Vec<u8> {
        let mut flags_on = full(
            b"tkhd",
            &[numbers(&[0; 18]), numbers(&[640 << 16, 480 << 16])].concat(),
        );
        flags_on[11] = 1;
        let hdlr = [&[0; 4], &self.handler[..], &[0; 12], b"Core Media\0"].concat();
        let entry = boxed(self.format, &[&[0; 8], self.entry].concat());
        let lens: Vec<u32> = self
            .samples
            .iter()
            .map(|s| u32::try_from(s.len()).unwrap())
            .collect();
        let count = u32::try_from(lens.len()).unwrap();
        let stbl = [
            full(b"stsd", &[numbers(&[1]), entry].concat()),
            full(b"stsz", &[numbers(&[0, count]), numbers(&lens)].concat()),
            full(b"stsc", &numbers(&[1, 1, count, 1])),
            full(b"stco", &numbers(&[1, u32::try_from(at).unwrap()])),
        ]
        .concat();
        let mdia = [
            full(b"mdhd", &numbers(&[0, 0, 1000, 2900, 0])),
            full(b"hdlr", &hdlr),
            boxed(b"minf", &boxed(b"stbl", &stbl)),
        ]
        .concat();
        boxed(b"trak", &[flags_on, boxed(b"mdia", &mdia)].concat())
    }
}

/// When the films of the tests were made: 2024-05-12T12:30:00Z.
pub(crate) const MADE: u32 = 3_798_361_800;

/// `ftyp`, `mdat` with all samples, `moov` with these boxes beside the tracks. It lasts 2.9 seconds.
pub(crate) fn film(tracks: &[Track<'_>], moov: &[u8]) -> Vec<u8> {
    let mut out = boxed(b"ftyp", b"mp42\0\0\0\0isommp42");
    let payload: Vec<u8> = tracks.iter().flat_map(|t| t.samples.concat()).collect();
    let mut at = out.len() + 8;
    out.extend(boxed(b"mdat", &payload));
    let mut body = full(b"mvhd", &numbers(&[MADE, MADE, 1000, 2900, 0]));
    for track in tracks {
        body.extend(track.boxed(at));
        at += track.samples.concat().len();
    }
    body.extend_from_slice(moov);
    out.extend(boxed(b"moov", &body));
    out
}

/// `udta` with `©xyz`.
pub(crate) fn located() -> Vec<u8> {
    let text = b"\0\x12\x15\xC7+59.3293+018.0686/";
    boxed(b"udta", &boxed(b"\xA9xyz", text))
}

/// A film with a point, without tracks.
pub(crate) fn small() -> Vec<u8> {
    film(&[], &located())
}
