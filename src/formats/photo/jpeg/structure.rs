//! Which segments belong together in one frame (ITU-T T.81 annexes B and G). What no decoder of the frame
//! reads is removed; scans that code the same twice make the image ambiguous, since decoders disagree
//! about which one they show.

use std::collections::{BTreeMap, BTreeSet};

use super::markers::{self, DAC, DNL, DRI, SOF0, SOF1, SOF2, SOF9, SOF10, SOS};
use super::parse::{Image, malformed};
use crate::bytes::Order;
use crate::model::{Error, Result};

/// The indices of the segments that no decoder of this frame reads: conditioning of arithmetic coding in
/// a Huffman-coded frame, restart intervals that are replaced before a scan uses them, numbers of lines
/// that are known already.
///
/// # Errors
/// [`Error::Malformed`] for a second frame, for scans that code the same twice or in an impossible order;
/// [`Error::Unsupported`] for frames of hierarchical coding.
pub(super) fn unread(image: &Image<'_>) -> Result<BTreeSet<usize>> {
    let frames: Vec<_> = image
        .segments
        .iter()
        .filter(|segment| markers::is_frame(segment.marker))
        .collect();
    let frame = match *frames {
        [frame] => frame,
        [] => return Err(malformed(image.span.start(), "there is no picture in it")),
        [_, second, ..] => {
            let what = "a second picture starts inside the picture";
            return Err(malformed(second.span.start(), what));
        }
    };
    if matches!(frame.marker, 0xC5..=0xC7 | 0xCD..=0xCF) {
        return Err(Error::unsupported(
            "a hierarchical JPEG; no usual program shows such a picture",
        ));
    }
    let has_height = Order::Big
        .u16(frame.payload.get(1..).unwrap_or_default())
        .is_some_and(|height| height != 0);
    let is_arithmetic = matches!(frame.marker, 0xC9..=0xCB);
    let mut unread = BTreeSet::new();
    let mut history = History::new(frame.marker);
    let mut interval = None;
    let mut conditioned = BTreeSet::new();
    let mut lines = has_height;
    for (index, segment) in image.segments.iter().enumerate() {
        let damaged = || malformed(segment.span.start(), "the coded picture is damaged");
        match segment.marker {
            DRI => unread.extend(interval.replace(index)),
            DAC if !is_arithmetic => {
                unread.insert(index);
            }
            DAC => condition(&segment.payload, &mut conditioned).ok_or_else(damaged)?,
            DNL if lines => {
                unread.insert(index);
            }
            DNL => lines = true,
            SOS => {
                interval = None;
                conditioned.clear();
                history.scan(&segment.payload).ok_or_else(damaged)?;
            }
            _ => {}
        }
    }
    unread.extend(interval);
    Ok(unread)
}

/// Conditioning values in their ranges, each place once before a scan (B.2.4.3).
fn condition(payload: &[u8], seen: &mut BTreeSet<u8>) -> Option<()> {
    for pair in payload.chunks(2) {
        let [place, value] = *pair else {
            return None;
        };
        let fits = match place >> 4 {
            0 => value & 15 <= value >> 4,
            1 => (1..=63).contains(&value),
            _ => false,
        };
        (fits && place & 15 < 4 && seen.insert(place)).then_some(())?;
    }
    Some(())
}

/// Which coefficients of each component have been coded, and down to which bit (G.1.1.1).
struct History {
    frame: u8,
    /// By component: the bit position of each coefficient; `None` where it was not coded yet.
    bits: BTreeMap<u8, [Option<u8>; 64]>,
}

impl History {
    fn new(frame: u8) -> Self {
        Self {
            frame,
            bits: BTreeMap::new(),
        }
    }

    /// Adds a scan; `None` when it codes something again, or refines what was not coded.
    fn scan(&mut self, payload: &[u8]) -> Option<()> {
        let count = usize::from(*payload.first()?);
        let components = payload.get(1..)?.chunks(2).take(count);
        let [first, last, approximation] = *payload.last_chunk()?;
        let (high, low) = (approximation >> 4, approximation & 15);
        let band = match self.frame {
            SOF2 | SOF10 => (first <= last && last < 64).then_some(first..=last)?,
            // A sequential scan codes all of them; readers ignore what the header says.
            SOF0 | SOF1 | SOF9 => 0..=63,
            // The lossless process has predictors instead.
            _ => 0..=0,
        };
        let progressive = matches!(self.frame, SOF2 | SOF10);
        for component in components {
            let bits = self.bits.entry(*component.first()?).or_insert([None; 64]);
            for k in band.clone() {
                let bit = bits.get_mut(usize::from(k))?;
                let follows = match *bit {
                    None => !progressive || high == 0,
                    Some(known) => progressive && high == known && high.checked_sub(1) == Some(low),
                };
                follows.then_some(())?;
                *bit = Some(if progressive { low } else { 0 });
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Source;
    use crate::bytes::testing::with_context;

    /// A segment.
    fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
        let len = (payload.len() as u16 + 2).to_be_bytes();
        [&[0xFF, marker], &len[..], payload].concat()
    }

    fn frame(marker: u8, height: u8) -> Vec<u8> {
        let components = [1, 0x11, 0, 2, 0x11, 0];
        segment(
            marker,
            &[&[8, 0, height, 0, 8, 2][..], &components].concat(),
        )
    }

    fn scan(components: &[u8], first: u8, last: u8, approximation: u8) -> Vec<u8> {
        let mut payload = vec![components.len() as u8];
        for component in components {
            payload.extend([*component, 0]);
        }
        payload.extend([first, last, approximation]);
        [&segment(SOS, &payload)[..], &[5]].concat()
    }

    fn of(pieces: &[Vec<u8>]) -> Result<Vec<usize>> {
        let bytes = [&[0xFF, 0xD8][..], &pieces.concat(), &[0xFF, 0xD9]].concat();
        with_context(|cx| {
            let image = super::super::parse::image(&Source::memory(&bytes), 0, cx)?;
            assert!(image.has_eoi);
            Ok(unread(&image)?.into_iter().collect())
        })
    }

    #[test]
    fn sequential_scans_code_each_component_once() {
        let sof = || frame(SOF0, 8);
        assert!(of(&[sof(), scan(&[1, 2], 0, 63, 0)]).is_ok());
        assert!(of(&[sof(), scan(&[1], 0, 63, 0), scan(&[2], 0, 63, 0)]).is_ok());
        assert!(of(&[sof(), scan(&[1, 2], 0, 63, 0), scan(&[1, 2], 0, 63, 0)]).is_err());
        assert!(of(&[sof(), scan(&[1, 2], 0, 63, 0), scan(&[2], 0, 63, 0)]).is_err());
        assert!(of(&[sof(), sof(), scan(&[1, 2], 0, 63, 0)]).is_err());
        assert!(of(&[frame(0xC5, 8), scan(&[1, 2], 0, 63, 0)]).is_err());
    }

    #[test]
    fn progressive_scans_refine_what_was_coded() {
        let all = |scans: &[Vec<u8>]| of(&[&[frame(SOF2, 8)][..], scans].concat());
        let dc = || scan(&[1, 2], 0, 0, 1);
        assert!(all(&[dc(), scan(&[1], 1, 5, 2), scan(&[1], 6, 63, 2)]).is_ok());
        assert!(all(&[dc(), scan(&[1, 2], 0, 0, 0x10), scan(&[1], 1, 63, 0)]).is_ok());
        assert!(all(&[dc(), dc()]).is_err(), "the DC coefficients twice");
        assert!(all(&[scan(&[1, 2], 0, 0, 0), dc()]).is_err());
        assert!(all(&[dc(), scan(&[1, 2], 0, 0, 0x21)]).is_err());
        assert!(all(&[dc(), scan(&[1], 1, 5, 0), scan(&[1], 5, 63, 0)]).is_err());
        assert!(
            all(&[dc(), scan(&[1], 1, 63, 0x10)]).is_err(),
            "never coded"
        );
        assert!(all(&[dc(), scan(&[1], 9, 2, 0)]).is_err());
    }

    #[test]
    fn what_no_decoder_reads_is_found() {
        let dri = |n: u8| segment(DRI, &[0, n]);
        let pieces = [
            dri(1),
            dri(2),
            frame(SOF0, 8),
            scan(&[1, 2], 0, 63, 0),
            dri(3),
        ];
        assert_eq!(of(&pieces).unwrap(), [1, 5]);
        let dac = || segment(DAC, &[0, 0x10, 0x10, 5]);
        let pieces = [frame(SOF0, 8), dac(), scan(&[1, 2], 0, 63, 0)];
        assert_eq!(of(&pieces).unwrap(), [2]);
        let pieces = [frame(SOF9, 8), dac(), scan(&[1, 2], 0, 63, 0)];
        assert_eq!(of(&pieces).unwrap(), [0; 0]);
        let pieces = [frame(SOF9, 8), dac(), dac(), scan(&[1, 2], 0, 63, 0)];
        assert!(of(&pieces).is_err());
        let text = segment(DAC, b"a text here ");
        assert!(of(&[frame(SOF9, 8), text, scan(&[1, 2], 0, 63, 0)]).is_err());
        let dnl = || segment(DNL, &[0, 8]);
        let pieces = [
            frame(SOF0, 0),
            scan(&[1], 0, 63, 0),
            dnl(),
            scan(&[2], 0, 63, 0),
            dnl(),
        ];
        assert_eq!(of(&pieces).unwrap(), [5]);
        let pieces = [frame(SOF0, 8), scan(&[1, 2], 0, 63, 0), dnl()];
        assert_eq!(of(&pieces).unwrap(), [3]);
    }
}
