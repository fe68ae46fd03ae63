//! `COSE_Sign1` (RFC 9052) with its certificates (RFC 9360) and time stamps (RFC 3161).

use super::cbor;
use super::leaves::{Key, Leaf};
use super::report::Report;
use crate::bytes::{Context, Cursor, Order};
use crate::model::{Category, Result, Role, Severity};

/// COSE header parameter `x5chain`.
const X5CHAIN: i64 = 33;

/// What a certificate says of its subject (RFC 5280 §4.1.2.6): object identifier, name, category, role.
const NAMES: &[(&[u8], &str, Category, Role)] = &[
    (
        b"\x55\x04\x03",
        "signer",
        Category::Person,
        Role::PersonName,
    ),
    (
        b"\x55\x04\x0A",
        "organisation of the signer",
        Category::Person,
        Role::PersonName,
    ),
    (
        b"\x55\x04\x0B",
        "unit of the signer",
        Category::Person,
        Role::PersonName,
    ),
    (
        b"\x55\x04\x05",
        "serial number of the signer",
        Category::Device,
        Role::Serial,
    ),
    (
        b"\x55\x04\x07",
        "locality of the signer",
        Category::Location,
        Role::PlaceName,
    ),
    (
        b"\x55\x04\x08",
        "state of the signer",
        Category::Location,
        Role::PlaceName,
    ),
    (
        b"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x01",
        "e-mail address of the signer",
        Category::Person,
        Role::PersonName,
    ),
];

/// Reads a signature. Whether it could be parsed.
///
/// # Errors
/// Those of the budget.
pub(super) fn read(payload: &[u8], cx: &Context<'_>, report: &mut Report<'_, '_>) -> Result<bool> {
    let mut leaf_certificate = None;
    let mut protected = Vec::new();
    let understood = cbor::walk(payload, cx, &mut |path, leaf| {
        let Leaf::Bytes(bytes) = leaf else {
            return Ok(());
        };
        if is_chain(path) && leaf_certificate.is_none() {
            leaf_certificate = Some(bytes.to_vec());
        } else if matches!(path, [Key::Index]) && protected.is_empty() {
            protected = bytes.to_vec();
        } else if path.contains(&Key::text("tstTokens"))
            && let Some(time) = signing_time(bytes)
        {
            report.time("time of signing", &time);
        }
        Ok(())
    })?;
    cbor::walk(&protected, cx, &mut |path, leaf| {
        if let Leaf::Bytes(bytes) = leaf
            && is_chain(path)
            && leaf_certificate.is_none()
        {
            leaf_certificate = Some(bytes.to_vec());
        }
        Ok(())
    })?;
    if let Some(certificate) = leaf_certificate {
        subject(&certificate, report);
    }
    Ok(understood)
}

fn is_chain(path: &[Key]) -> bool {
    path.contains(&Key::Number(X5CHAIN)) || path.contains(&Key::text("x5chain"))
}

/// The first GeneralizedTime of a time stamp token, which is its `genTime`.
fn signing_time(token: &[u8]) -> Option<String> {
    let digits = token.windows(17).find_map(|window| {
        let digits = window.strip_prefix(b"\x18\x0F")?.strip_suffix(b"Z")?;
        digits.iter().all(u8::is_ascii_digit).then_some(digits)
    })?;
    let (date, time) = std::str::from_utf8(digits).ok()?.split_at_checked(8)?;
    Some(format!("{date}T{time}Z"))
}

/// The next DER element: tag and content.
fn der<'a>(cursor: &mut Cursor<'a>) -> Option<(u8, &'a [u8])> {
    let tag = cursor.u8()?;
    let len = match cursor.u8()? {
        n @ 0..=0x7F => usize::from(n),
        0x81 => usize::from(cursor.u8()?),
        0x82 => usize::from(cursor.u16(Order::Big)?),
        0x83 => usize::try_from(Order::Big.u32(&[&[0], cursor.take(3)?].concat())?).ok()?,
        _ => return None,
    };
    Some((tag, cursor.take(len)?))
}

/// Adds the names of the subject and the serial number of a certificate.
fn subject(certificate: &[u8], report: &mut Report<'_, '_>) {
    let mut parse = || {
        let (_, certificate) = der(&mut Cursor::new(certificate))?;
        let (_, to_be_signed) = der(&mut Cursor::new(certificate))?;
        let mut fields = Cursor::new(to_be_signed);
        let (mut tag, mut serial) = der(&mut fields)?;
        if tag == 0xA0 {
            (tag, serial) = der(&mut fields)?;
        }
        (tag == 2).then_some(())?;
        let serial: String = serial.iter().take(32).map(|b| format!("{b:02X}")).collect();
        let what = "serial number of the certificate";
        report.add(
            "c2pa.signer",
            Category::History,
            Severity::High,
            what,
            Role::LinkId,
            &serial,
        );
        der(&mut fields)?; // algorithm
        der(&mut fields)?; // issuer
        der(&mut fields)?; // validity
        let (_, names) = der(&mut fields)?;
        let mut names = Cursor::new(names);
        while let Some((_, set)) = der(&mut names) {
            let (_, pair) = der(&mut Cursor::new(set))?;
            let mut pair = Cursor::new(pair);
            let (_, oid) = der(&mut pair)?;
            let (kind, value) = der(&mut pair)?;
            let Some((_, what, category, role)) = NAMES.iter().find(|row| row.0 == oid) else {
                continue;
            };
            // BMPString is the only one of two bytes a character.
            let text = if kind == 0x1E {
                let units: Vec<u16> = value
                    .chunks_exact(2)
                    .filter_map(|u| Order::Big.u16(u))
                    .collect();
                String::from_utf16_lossy(&units)
            } else {
                String::from_utf8_lossy(value).into_owned()
            };
            report.add("c2pa.signer", *category, Severity::High, what, *role, &text);
        }
        Some(())
    };
    parse();
}
