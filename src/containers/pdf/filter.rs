//! Stream filters (ISO 32000-1 §7.4), as far as something inside must be looked at. Codings of pictures
//! are left to the formats of pictures.

use super::NAME;
use super::file::File;
use super::object::{Dict, Object, Stream};
use crate::bytes::{Context, Inflate, Source};
use crate::model::{Error, Result, len_u64};

/// A filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// `FlateDecode`.
    Flate,
    /// `LZWDecode`.
    Lzw,
    /// `ASCIIHexDecode`.
    Hex,
    /// `ASCII85Decode`.
    Base85,
    /// `RunLengthDecode`.
    Runs,
    /// `DCTDecode`: a JPEG.
    Dct,
    /// `JPXDecode`: a JPEG 2000.
    Jpx,
    /// `CCITTFaxDecode`.
    Fax,
    /// `JBIG2Decode`.
    Jbig2,
    /// `Crypt`.
    Crypt,
    /// Unknown.
    Other,
}

impl Coding {
    fn from_name(name: &[u8]) -> Self {
        match name {
            b"FlateDecode" | b"Fl" => Self::Flate,
            b"LZWDecode" | b"LZW" => Self::Lzw,
            b"ASCIIHexDecode" | b"AHx" => Self::Hex,
            b"ASCII85Decode" | b"A85" => Self::Base85,
            b"RunLengthDecode" | b"RL" => Self::Runs,
            b"DCTDecode" | b"DCT" => Self::Dct,
            b"JPXDecode" => Self::Jpx,
            b"CCITTFaxDecode" | b"CCF" => Self::Fax,
            b"JBIG2Decode" => Self::Jbig2,
            b"Crypt" => Self::Crypt,
            _ => Self::Other,
        }
    }

    /// The full name, where it is known.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Flate => "FlateDecode",
            Self::Lzw => "LZWDecode",
            Self::Hex => "ASCIIHexDecode",
            Self::Base85 => "ASCII85Decode",
            Self::Runs => "RunLengthDecode",
            Self::Dct => "DCTDecode",
            Self::Jpx => "JPXDecode",
            Self::Fax => "CCITTFaxDecode",
            Self::Jbig2 => "JBIG2Decode",
            Self::Crypt => "Crypt",
            Self::Other => return None,
        })
    }

    /// Whether [`decode`] can undo it.
    #[must_use]
    pub fn is_plain(self) -> bool {
        matches!(
            self,
            Self::Flate | Self::Lzw | Self::Hex | Self::Base85 | Self::Runs | Self::Crypt
        )
    }
}

/// Parameters of Flate and LZW (ISO 32000-1 table 8).
#[derive(Clone, Copy, Debug)]
struct Params {
    predictor: i64,
    colors: u64,
    bits: u64,
    columns: u64,
    early: bool,
}

impl Params {
    fn new(dict: Option<&Dict>) -> Self {
        let number = |key: &str, default: i64| {
            dict.and_then(|dict| dict.get(key))
                .and_then(Object::int)
                .unwrap_or(default)
        };
        let positive = |key: &str, default: i64| u64::try_from(number(key, default)).unwrap_or(1);
        Self {
            predictor: number("Predictor", 1),
            colors: positive("Colors", 1).clamp(1, 64),
            bits: positive("BitsPerComponent", 8).clamp(1, 32),
            columns: positive("Columns", 1).clamp(1, 1 << 24),
            early: number("EarlyChange", 1) != 0,
        }
    }
}

/// The filters of a stream, in the order in which they are undone, with their parameters.
///
/// # Errors
/// As [`File::resolve`].
pub fn codings(file: &File<'_>, dict: &Dict) -> Result<Vec<(Coding, Option<Dict>)>> {
    let first = |long: &str, short: &str| -> Result<Object> {
        let value = file.entry(dict, long)?;
        if *value == Object::Null {
            return Ok(file.entry(dict, short)?.clone());
        }
        Ok(value.clone())
    };
    let (names, params) = (first("Filter", "F")?, first("DecodeParms", "DP")?);
    let names = match &names {
        Object::Name(_) => std::slice::from_ref(&names),
        Object::Array(array) => array,
        _ => return Ok(Vec::new()),
    };
    let params = match &params {
        Object::Dict(_) => std::slice::from_ref(&params),
        Object::Array(array) => array,
        _ => &[],
    };
    let mut out = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let name = file.resolve(name)?;
        let coding = name.as_name().map_or(Coding::Other, Coding::from_name);
        let own = match params.get(index) {
            Some(object) => match &*file.resolve(object)? {
                Object::Dict(dict) => Some(direct(file, dict)?),
                _ => None,
            },
            None => None,
        };
        out.push((coding, own));
    }
    Ok(out)
}

/// Parameters with their numbers resolved.
fn direct(file: &File<'_>, dict: &Dict) -> Result<Dict> {
    let mut out = Dict::default();
    for (key, value) in dict.iter() {
        let resolved = file.resolve(value)?;
        let is_plain = matches!(
            &*resolved,
            Object::Int(_) | Object::Bool(_) | Object::Name(_)
        );
        out.set(
            key,
            if is_plain {
                resolved.clone()
            } else {
                value.clone()
            },
        );
    }
    Ok(out)
}

/// The bytes of a stream, decoded up to the first coding of pictures. What is damaged ends early, as in
/// viewers.
///
/// # Errors
/// [`Error::Malformed`] for an unknown filter; the budget's.
pub fn decode(file: &File<'_>, stream: &Stream) -> Result<Vec<u8>> {
    let codings = codings(file, &stream.dict)?;
    let raw = file.raw(stream)?;
    undo(&raw, &codings, file.cx())
}

/// The same for a dictionary without references, in a file that is not open yet.
pub(super) fn decode_direct(
    source: &Source<'_>,
    stream: &Stream,
    cx: &Context<'_>,
) -> Result<Vec<u8>> {
    let filter = stream.dict.get("Filter");
    let name = filter.and_then(|filter| match filter {
        Object::Array(array) => array.first(),
        other => Some(other),
    });
    let params = match stream.dict.get("DecodeParms") {
        Some(Object::Array(array)) => array.first(),
        other => other,
    };
    let params = params.and_then(Object::as_dict).cloned();
    let codings: Vec<_> = name
        .and_then(Object::as_name)
        .map(|name| (Coding::from_name(name), params))
        .into_iter()
        .collect();
    undo(&source.read(stream.data)?, &codings, cx)
}

/// Hands the decoded bytes of a stream to `sink`, piece by piece where one Flate filter is all there is.
/// Returns the coding of the picture that the bytes are in, if any.
///
/// # Errors
/// As [`decode`], and `sink`'s.
pub fn decode_to(
    file: &File<'_>,
    stream: &Stream,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<Option<Coding>> {
    let codings = codings(file, &stream.dict)?;
    let left = codings.iter().map(|(c, _)| *c).find(|c| !c.is_plain());
    match codings.as_slice() {
        [] if !file.is_ciphered(stream)? => file.source().for_each(stream.data, sink)?,
        [(Coding::Flate, params)]
            if Params::new(params.as_ref()).predictor < 2 && !file.is_ciphered(stream)? =>
        {
            let mut state =
                Inflate::raw_of(usize::try_from(stream.data.len()).unwrap_or(usize::MAX));
            let mut skip = 2usize;
            let mut trouble = None;
            file.source().for_each(stream.data, |piece| {
                let own = piece.get(skip.min(piece.len())..).unwrap_or_default();
                skip = skip.saturating_sub(piece.len());
                if state.is_done() || trouble.is_some() {
                    return Ok(());
                }
                match state.feed(own, file.cx(), &mut *sink) {
                    Ok(_) => Ok(()),
                    Err(Error::Malformed { .. }) => {
                        trouble = Some(());
                        Ok(())
                    }
                    Err(error) => Err(error),
                }
            })?;
        }
        [(coding, _), ..] if !coding.is_plain() && !file.is_ciphered(stream)? => {
            file.source().for_each(stream.data, sink)?;
        }
        _ => sink(&undo(&file.raw(stream)?, &codings, file.cx())?)?,
    }
    Ok(left)
}

fn undo(raw: &[u8], codings: &[(Coding, Option<Dict>)], cx: &Context<'_>) -> Result<Vec<u8>> {
    let mut data = None;
    for (coding, params) in codings {
        let bytes = data.as_deref().unwrap_or(raw);
        let params = Params::new(params.as_ref());
        data = Some(match coding {
            Coding::Flate => unpredict(inflate(bytes, cx)?, params, cx)?,
            Coding::Lzw => unpredict(unlzw(bytes, params.early, cx)?, params, cx)?,
            Coding::Hex => unhex(bytes).0,
            Coding::Base85 => unbase85(bytes).0,
            Coding::Runs => unruns(bytes, cx)?.0,
            Coding::Crypt => continue,
            Coding::Other => return Err(Error::malformed(NAME, 0, "an unknown filter")),
            Coding::Dct | Coding::Jpx | Coding::Fax | Coding::Jbig2 => break,
        });
    }
    let whole = data.map_or_else(
        || {
            cx.memory(len_u64(raw.len()))?;
            Ok(raw.to_vec())
        },
        Ok::<_, Error>,
    )?;
    Ok(whole)
}

/// Maximum size of one decoded stream in memory, in bytes.
const BLOCK: usize = 256 << 20;

fn within(len: usize) -> Result<()> {
    if len > BLOCK {
        return Err(Error::LimitExceeded { limit: "block" });
    }
    Ok(())
}

/// Inflates as far as the data is sound. The check sum does not count: viewers do not look at it.
fn inflate(bytes: &[u8], cx: &Context<'_>) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut take = |piece: &[u8]| {
        out.extend_from_slice(piece);
        within(out.len())
    };
    // Some writers put white space in front.
    let skipped = bytes.iter().take_while(|b| matches!(b, 10 | 13)).count();
    let bytes = bytes.get(skipped..).unwrap_or_default();
    let mut state = Inflate::raw_of(bytes.len());
    match state.feed(bytes.get(2..).unwrap_or_default(), cx, &mut take) {
        Ok(_) | Err(Error::Malformed { .. }) => Ok(out),
        Err(error) => Err(error),
    }
}

/// How many coded bytes of a stream belong to its coding, where that can be known: data behind the end
/// mark of the coding is not read by any viewer. `None` where it cannot be known, or where the data is
/// damaged.
///
/// # Errors
/// The budget's.
pub fn exact_end(
    source: &Source<'_>,
    stream: &Stream,
    coding: Coding,
    cx: &Context<'_>,
) -> Result<Option<u64>> {
    match coding {
        Coding::Flate => {
            let mut state = Inflate::new();
            let mut used = 0u64;
            let mut is_sound = true;
            source.for_each(stream.data, |piece| {
                if state.is_done() || !is_sound {
                    return Ok(());
                }
                match state.feed(piece, cx, |_| Ok(())) {
                    Ok(n) => {
                        used = used.saturating_add(n);
                        Ok(())
                    }
                    Err(Error::Malformed { .. }) => {
                        is_sound = false;
                        Ok(())
                    }
                    Err(error) => Err(error),
                }
            })?;
            Ok((is_sound && state.is_done()).then_some(used))
        }
        Coding::Hex => Ok(Some(unhex(&source.read(stream.data)?).1)),
        Coding::Base85 => Ok(Some(unbase85(&source.read(stream.data)?).1)),
        Coding::Runs => Ok(Some(unruns(&source.read(stream.data)?, cx)?.1)),
        _ => Ok(None),
    }
}

fn unlzw(bytes: &[u8], early: bool, cx: &Context<'_>) -> Result<Vec<u8>> {
    let mut decoder = if early {
        weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
    } else {
        weezl::decode::Decoder::new(weezl::BitOrder::Msb, 8)
    };
    let mut out = Vec::new();
    let mut piece = vec![0; 64 << 10];
    let mut input = bytes;
    loop {
        let result = decoder.decode_bytes(input, &mut piece);
        input = input.get(result.consumed_in..).unwrap_or_default();
        cx.memory(len_u64(result.consumed_out))?;
        out.extend_from_slice(piece.get(..result.consumed_out).unwrap_or_default());
        within(out.len())?;
        match result.status {
            Ok(weezl::LzwStatus::Ok) if result.consumed_in > 0 || result.consumed_out > 0 => {}
            _ => return Ok(out),
        }
    }
}

fn unhex(bytes: &[u8]) -> (Vec<u8>, u64) {
    let mut out = Vec::new();
    let mut high = None;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'>' {
            out.extend(high.map(|high: u8| high.wrapping_mul(16)));
            return (out, len_u64(at.saturating_add(1)));
        }
        let digit = char::from(*byte).to_digit(16);
        if let Some(digit) = digit.and_then(|digit| u8::try_from(digit).ok()) {
            match high.take() {
                Some(high) => out.push(high.wrapping_mul(16).wrapping_add(digit)),
                None => high = Some(digit),
            }
        }
    }
    (out, len_u64(bytes.len()))
}

fn unbase85(bytes: &[u8]) -> (Vec<u8>, u64) {
    let mut out = Vec::new();
    let mut group = [0u8; 5];
    let mut count = 0usize;
    let mut end = bytes.len();
    let emit = |group: &[u8; 5], n: usize, out: &mut Vec<u8>| {
        let value = group.iter().fold(0u32, |sum, digit| {
            sum.wrapping_mul(85).wrapping_add(u32::from(*digit))
        });
        out.extend(value.to_be_bytes().iter().take(n));
    };
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'~' => {
                let close = bytes.get(at..).unwrap_or_default();
                let more = close.iter().position(|b| *b == b'>').unwrap_or(0);
                end = at.saturating_add(more).saturating_add(1).min(bytes.len());
                break;
            }
            b'z' if count == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                if let Some(place) = group.get_mut(count) {
                    *place = byte.wrapping_sub(b'!');
                }
                count = count.saturating_add(1);
                if count == 5 {
                    emit(&group, 4, &mut out);
                    count = 0;
                }
            }
            _ => {}
        }
    }
    if count > 1 {
        group.iter_mut().skip(count).for_each(|digit| *digit = 84);
        emit(&group, count.saturating_sub(1), &mut out);
    }
    (out, len_u64(end))
}

fn unruns(bytes: &[u8], cx: &Context<'_>) -> Result<(Vec<u8>, u64)> {
    let mut out = Vec::new();
    let mut at = 0usize;
    while let Some(length) = bytes.get(at) {
        at = at.saturating_add(1);
        match *length {
            128 => break,
            n @ 0..128 => {
                let end = at.saturating_add(usize::from(n)).saturating_add(1);
                out.extend_from_slice(bytes.get(at..end.min(bytes.len())).unwrap_or_default());
                at = end;
            }
            n => {
                let byte = bytes.get(at).copied().unwrap_or_default();
                let count = 257usize.saturating_sub(usize::from(n));
                out.resize(out.len().saturating_add(count), byte);
                at = at.saturating_add(1);
            }
        }
    }
    cx.memory(len_u64(out.len()))?;
    within(out.len())?;
    Ok((out, len_u64(at.min(bytes.len()))))
}

/// Undoes PNG and TIFF predictors.
fn unpredict(data: Vec<u8>, params: Params, cx: &Context<'_>) -> Result<Vec<u8>> {
    if params.predictor < 2 {
        return Ok(data);
    }
    cx.memory(len_u64(data.len()))?;
    let bits = params.colors.saturating_mul(params.bits);
    let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let pixel = size(bits.div_ceil(8)).max(1);
    let row_len = size(bits.saturating_mul(params.columns).div_ceil(8));
    let row_len = row_len.clamp(1, data.len().max(1));
    if params.predictor == 2 {
        let mut data = data;
        // Other depths are only met in pictures, whose pixels are not looked at.
        if params.bits == 8 {
            for row in data.chunks_mut(row_len) {
                for at in pixel..row.len() {
                    let left = row.get(at.saturating_sub(pixel)).copied().unwrap_or(0);
                    if let Some(byte) = row.get_mut(at) {
                        *byte = byte.wrapping_add(left);
                    }
                }
            }
        }
        return Ok(data);
    }
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0u8; row_len];
    for row in data.chunks(row_len.saturating_add(1)) {
        let Some((kind, row)) = row.split_first() else {
            break;
        };
        let mut line = row.to_vec();
        for at in 0..line.len() {
            let here = |line: &[u8], back: usize| {
                at.checked_sub(back)
                    .and_then(|at| line.get(at))
                    .copied()
                    .unwrap_or(0)
            };
            let (left, up, corner) = (here(&line, pixel), here(&above, 0), here(&above, pixel));
            let add = match kind {
                1 => left,
                2 => up,
                3 => u8::try_from(u16::from(left).wrapping_add(u16::from(up)) >> 1).unwrap_or(0),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            if let Some(byte) = line.get_mut(at) {
                *byte = byte.wrapping_add(add);
            }
        }
        out.extend_from_slice(&line);
        line.resize(row_len, 0);
        above = line;
    }
    Ok(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left)
        .wrapping_add(i16::from(up))
        .wrapping_sub(i16::from(corner));
    let distance = |value: u8| estimate.abs_diff(i16::from(value));
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    #[test]
    fn text_codings() {
        assert_eq!(unhex(b"4 1 42 7>SECRET"), (b"AB\x70".to_vec(), 9));
        assert_eq!(unbase85(b"87cURD]i,\"Ebo80~>SECRET").0, b"Hello World!");
        assert_eq!(unbase85(b"87cURD]i,\"Ebo80~>SECRET").1, 17);
        with_context(|cx| {
            let (out, end) = unruns(b"\x02abc\xfed\x80SECRET", cx).unwrap();
            assert_eq!((out.as_slice(), end), (&b"abcddd"[..], 7));
        });
    }

    #[test]
    fn predictors() {
        let params = Params {
            predictor: 15,
            colors: 1,
            bits: 8,
            columns: 3,
            early: true,
        };
        with_context(|cx| {
            let data = [1, 1, 1, 1, 2, 1, 1, 1, 4, 1, 0, 0].to_vec();
            let out = unpredict(data, params, cx).unwrap();
            assert_eq!(out, [1, 2, 3, 2, 3, 4, 3, 3, 4]);
        });
    }
}
