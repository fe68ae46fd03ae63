//! The standard security handler (ISO 32000-2 §7.6): with an empty user password, which every viewer opens
//! without asking, or with the password that the user gave.

use std::rc::Rc;

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use md5::{Digest, Md5};
use sha2::{Sha256, Sha384, Sha512};

use super::NAME;
use super::file::File;
use super::object::{Dict, Id, Object, Stream};
use crate::model::{Error, Result};

/// Padding of passwords, algorithm 2 step a.
const PAD: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];

const PASSWORD: &str = "a PDF with a password; clean it once more with --password, and the program asks for it; or open it \
     with the password, print it to a new PDF, and clean that";
const WRONG: &str = "a PDF with another password than the one that was given; look at the spelling, and clean \
     it once more with --password";
const HANDLER: &str = "a PDF that is encrypted in a way that this program does not know; open it in a \
    program you trust, print it to a new PDF, and clean that";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Identity,
    Rc4,
    Aes,
    Aes256,
}

/// Keys and methods of a file.
#[derive(Debug)]
pub(super) struct Crypt {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    metadata: bool,
    /// The encryption dictionary itself is not encrypted.
    own: Option<Id>,
}

impl Crypt {
    pub(super) fn new(file: &File<'_>, dict: &Dict, own: Option<Id>) -> Result<Self> {
        let int = |key: &str| -> Result<i64> { Ok(file.entry(dict, key)?.int().unwrap_or(0)) };
        let string = |key: &str| -> Result<Vec<u8>> {
            Ok(file
                .entry(dict, key)?
                .as_string()
                .unwrap_or_default()
                .to_vec())
        };
        if !file.entry(dict, "Filter")?.is_name("Standard") {
            return Err(Error::unsupported(HANDLER));
        }
        let (version, revision) = (int("V")?, int("R")?);
        let metadata = *file.entry(dict, "EncryptMetadata")? != Object::Bool(false);
        let (strings, streams) = match version {
            1..=3 => (Method::Rc4, Method::Rc4),
            4 | 5 => (method(file, dict, "StrF")?, method(file, dict, "StmF")?),
            _ => return Err(Error::unsupported(HANDLER)),
        };
        let (owner, user) = (string("O")?, string("U")?);
        let id = file.entry(file.trailer(), "ID")?;
        let id = match id.as_array().and_then(<[_]>::first) {
            Some(first) => file
                .resolve(first)?
                .as_string()
                .unwrap_or_default()
                .to_vec(),
            None => Vec::new(),
        };
        let old = Old {
            owner: &owner,
            user: &user,
            permissions: int("P")?,
            id: &id,
            revision,
            bytes: match (version, int("Length")?) {
                (1, _) => 5,
                (4, _) => 16,
                (_, bits @ 40..=128) => usize::try_from(bits).unwrap_or(40) >> 3,
                _ => 5,
            },
            metadata,
        };
        let (user_key, owner_key) = (string("UE")?, string("OE")?);
        let open = |password: &str| {
            if revision < 5 {
                let password = padded(password);
                let as_owner = || old.key(&old.user_password(&password)?);
                return old.key(&password).or_else(as_owner);
            }
            let bytes = password.as_bytes();
            let bytes = bytes.get(..127).unwrap_or(bytes);
            let as_owner = || modern_key(bytes, &owner, &owner_key, user.get(..48)?, revision);
            modern_key(bytes, &user, &user_key, &[], revision).or_else(as_owner)
        };
        let given = file.cx().password();
        let key = open("").or_else(|| open(given?.text()));
        let refused = if given.is_some() { WRONG } else { PASSWORD };
        Ok(Self {
            key: key.ok_or_else(|| Error::unsupported(refused))?,
            strings,
            streams,
            metadata,
            own,
        })
    }

    /// Whether the bytes of this stream are encrypted.
    pub(super) fn covers(&self, file: &File<'_>, stream: &Stream) -> Result<bool> {
        let kind = file.entry(&stream.dict, "Type")?;
        if self.streams == Method::Identity
            || kind.is_name("XRef")
            || (kind.is_name("Metadata") && !self.metadata)
        {
            return Ok(false);
        }
        // A Crypt filter names another method; the usual one is Identity.
        let filter = file.entry(&stream.dict, "Filter")?;
        let first = match &*filter {
            Object::Array(array) => array.first().cloned().unwrap_or(Object::Null),
            other => other.clone(),
        };
        Ok(!file.resolve(&first)?.is_name("Crypt"))
    }

    /// An object with its strings decrypted.
    pub(super) fn strings(&self, object: Object, id: Id) -> Result<Object> {
        if self.strings == Method::Identity || self.own == Some(id) {
            return Ok(object);
        }
        Ok(match object {
            Object::String(bytes) => Object::String(self.apply(self.strings, &bytes, id)?.into()),
            Object::Array(array) => {
                let array = array.into_iter().map(|item| self.strings(item, id));
                Object::Array(array.collect::<Result<_>>()?)
            }
            Object::Dict(dict) => Object::Dict(self.dict(&dict, id)?),
            Object::Stream(stream) => Object::Stream(Rc::new(Stream {
                dict: self.dict(&stream.dict, id)?,
                ..*stream
            })),
            other => other,
        })
    }

    fn dict(&self, dict: &Dict, id: Id) -> Result<Dict> {
        let mut out = Dict::default();
        for (key, value) in dict.iter() {
            out.push(key.into(), self.strings(value.clone(), id)?);
        }
        Ok(out)
    }

    /// The decrypted bytes of a stream.
    pub(super) fn stream(&self, bytes: &[u8], id: Id) -> Result<Vec<u8>> {
        self.apply(self.streams, bytes, id)
    }

    fn apply(&self, method: Method, bytes: &[u8], id: Id) -> Result<Vec<u8>> {
        match method {
            Method::Identity => Ok(bytes.to_vec()),
            Method::Rc4 => Ok(rc4(&self.object_key(id, b""), bytes)),
            Method::Aes => cbc(&self.object_key(id, b"sAlT"), bytes),
            Method::Aes256 => cbc(&self.key, bytes),
        }
    }

    /// Algorithm 1.
    fn object_key(&self, id: Id, salt: &[u8]) -> Vec<u8> {
        let mut hash = Md5::new();
        hash.update(&self.key);
        hash.update(id.number.to_le_bytes().get(..3).unwrap_or_default());
        hash.update(id.generation.to_le_bytes());
        hash.update(salt);
        let len = self.key.len().saturating_add(5).min(16);
        hash.finalize().iter().copied().take(len).collect()
    }
}

fn method(file: &File<'_>, dict: &Dict, which: &str) -> Result<Method> {
    let name = file.entry(dict, which)?;
    let Some(name) = name.as_name().filter(|name| *name != b"Identity") else {
        return Ok(Method::Identity);
    };
    let filters = file.entry(dict, "CF")?;
    let Some(Object::Dict(filter)) = (match filters.as_dict().and_then(|f| f.bytes(name)) {
        Some(filter) => Some(file.resolve(filter)?.clone()),
        None => None,
    }) else {
        return Err(Error::malformed(NAME, 0, "the encryption names no method"));
    };
    let name = file.entry(&filter, "CFM")?;
    match name.as_name().unwrap_or(b"None") {
        b"None" => Ok(Method::Identity),
        b"V2" => Ok(Method::Rc4),
        b"AESV2" => Ok(Method::Aes),
        b"AESV3" => Ok(Method::Aes256),
        _ => Err(Error::unsupported(HANDLER)),
    }
}

/// A password of at most 32 bytes, filled up (algorithm 2 step a).
fn padded(password: &str) -> Vec<u8> {
    let latin = password
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'));
    latin.chain(PAD).take(PAD.len()).collect()
}

/// What keys of revisions 2 to 4 are made from.
struct Old<'a> {
    owner: &'a [u8],
    user: &'a [u8],
    permissions: i64,
    id: &'a [u8],
    revision: i64,
    bytes: usize,
    metadata: bool,
}

impl Old<'_> {
    /// Algorithms 2, 4 and 5. `None` when it is another password.
    fn key(&self, password: &[u8]) -> Option<Vec<u8>> {
        let mut hash = Md5::new();
        hash.update(password);
        hash.update(self.owner.get(..32)?);
        hash.update(self.permissions.to_le_bytes().get(..4)?);
        hash.update(self.id);
        if self.revision >= 4 && !self.metadata {
            hash.update([0xFF; 4]);
        }
        let key = self.repeated(hash.finalize().to_vec())?;
        if self.revision < 3 {
            return (rc4(&key, &PAD) == self.user.get(..32)?).then_some(key);
        }
        let mut hash = Md5::new();
        hash.update(PAD);
        hash.update(self.id);
        let mut check = hash.finalize().to_vec();
        for round in 0..20u8 {
            check = rc4(&turned(&key, round), &check);
        }
        (check == self.user.get(..16)?).then_some(key)
    }

    /// Algorithm 7: the user password, from that of the owner.
    fn user_password(&self, owner: &[u8]) -> Option<Vec<u8>> {
        let key = self.repeated(Md5::digest(owner).to_vec())?;
        let mut out = self.owner.get(..32)?.to_vec();
        let rounds = if self.revision < 3 { 1 } else { 20u8 };
        for round in (0..rounds).rev() {
            out = rc4(&turned(&key, round), &out);
        }
        Some(out)
    }

    fn repeated(&self, mut key: Vec<u8>) -> Option<Vec<u8>> {
        if self.revision >= 3 {
            for _ in 0..50 {
                key = Md5::digest(key.get(..self.bytes)?).to_vec();
            }
        }
        key.truncate(self.bytes);
        Some(key)
    }
}

fn turned(key: &[u8], round: u8) -> Vec<u8> {
    key.iter().map(|byte| byte ^ round).collect()
}

/// Algorithm 2.A for the entry of a user or an owner. `None` when it is another password.
fn modern_key(
    password: &[u8],
    entry: &[u8],
    coded: &[u8],
    user: &[u8],
    revision: i64,
) -> Option<Vec<u8>> {
    let hash = |salt: &[u8]| {
        let input = [password, salt, user].concat();
        if revision == 5 {
            Some(Sha256::digest(&input).to_vec())
        } else {
            hardened(password, &input, user)
        }
    };
    if hash(entry.get(32..40)?)? != entry.get(..32)? {
        return None;
    }
    let key = hash(entry.get(40..48)?)?;
    let cipher = aes::Aes256::new_from_slice(&key).ok()?;
    Some(decrypt_blocks(&cipher, [0; 16], coded.get(..32)?))
}

/// Algorithm 2.B.
fn hardened(password: &[u8], input: &[u8], user: &[u8]) -> Option<Vec<u8>> {
    let mut key = Sha256::digest(input).to_vec();
    let mut round = 0u32;
    loop {
        let data = [password, &key, user].concat().repeat(64);
        let cipher = aes::Aes128::new_from_slice(key.get(..16)?).ok()?;
        let mut last: [u8; 16] = *key.get(16..32)?.first_chunk()?;
        let mut out = Vec::with_capacity(data.len());
        for block in data.chunks_exact(16) {
            let mut mixed: [u8; 16] = std::array::from_fn(|_| 0);
            for ((to, from), before) in mixed.iter_mut().zip(block).zip(&last) {
                *to = from ^ before;
            }
            let mut cell = aes::Block::from(mixed);
            cipher.encrypt_block(&mut cell);
            last = cell.into();
            out.extend_from_slice(&last);
        }
        let sum = out
            .iter()
            .take(16)
            .fold(0u32, |sum, byte| sum.wrapping_add(u32::from(*byte)));
        key = match sum % 3 {
            0 => Sha256::digest(&out).to_vec(),
            1 => Sha384::digest(&out).to_vec(),
            _ => Sha512::digest(&out).to_vec(),
        };
        round = round.saturating_add(1);
        let end = u32::from(*out.last()?);
        if round >= 64 && end <= round.saturating_sub(32) {
            key.truncate(32);
            return Some(key);
        }
    }
}

fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|index| u8::try_from(index).unwrap_or(0));
    let at = |state: &[u8; 256], index: u8| state.get(usize::from(index)).copied().unwrap_or(0);
    let mut j = 0u8;
    for (i, key) in (0..=255u8).zip(key.iter().cycle()) {
        j = j.wrapping_add(at(&state, i)).wrapping_add(*key);
        state.swap(usize::from(i), usize::from(j));
    }
    let (mut i, mut j) = (0u8, 0u8);
    data.iter()
        .map(|byte| {
            i = i.wrapping_add(1);
            j = j.wrapping_add(at(&state, i));
            state.swap(usize::from(i), usize::from(j));
            byte ^ at(&state, at(&state, i).wrapping_add(at(&state, j)))
        })
        .collect()
}

/// AES in CBC mode with the initial vector in front and padding behind.
fn cbc(key: &[u8], data: &[u8]) -> Result<Vec<u8>> {
    let Some((start, data)) = data.split_first_chunk::<16>() else {
        return Ok(Vec::new());
    };
    let bad = |_| Error::malformed(NAME, 0, "the encryption key has a wrong length");
    let mut out = if key.len() == 16 {
        let cipher = aes::Aes128::new_from_slice(key).map_err(bad)?;
        decrypt_blocks(&cipher, *start, data)
    } else {
        let cipher = aes::Aes256::new_from_slice(key).map_err(bad)?;
        decrypt_blocks(&cipher, *start, data)
    };
    let padding = usize::from(out.last().copied().unwrap_or(0));
    if (1..=16).contains(&padding) {
        out.truncate(out.len().saturating_sub(padding));
    }
    Ok(out)
}

fn decrypt_blocks<C>(cipher: &C, start: [u8; 16], data: &[u8]) -> Vec<u8>
where
    C: BlockCipherDecrypt<BlockSize = aes::cipher::consts::U16>,
{
    let mut last = start;
    let mut out = Vec::with_capacity(data.len());
    for block in data.chunks_exact(16) {
        let Some(coded) = block.first_chunk::<16>() else {
            break;
        };
        let mut cell = aes::Block::from(*coded);
        cipher.decrypt_block(&mut cell);
        out.extend(cell.iter().zip(&last).map(|(byte, before)| byte ^ before));
        last = *coded;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rc4_of_the_known_example() {
        let coded = rc4(b"Key", b"Plaintext");
        assert_eq!(
            coded,
            [0xBB, 0xF3, 0x16, 0xE8, 0xD9, 0x40, 0xAF, 0x0A, 0xD3]
        );
    }

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text
            .chars()
            .map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap())
            .collect();
        digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair[1])
            .collect()
    }

    /// Entries that qpdf made for the passwords `hemligt` and `agare`.
    #[test]
    fn passwords_of_users_and_owners_give_the_same_key() {
        let id = hex("31415926535897932384626433832795");
        let cases = [
            (
                2,
                5,
                "0ca6c0fef7d7132526d17d057f409a5d73a1024cd52ae1fdec23bdbdfd2be2e0",
                "a96175fd55dc2a6c8382f4084dea6d6f0816385e4d2ebbc8d5dc0fa5eecb6630",
            ),
            (
                4,
                16,
                "e35dcc2cc5908343eb69a1e5294bb6cd8e0d291f77c08c55130a01595c86f386",
                "8845d707c44d1be16afb368d6c5cd7730122456a91bae5134273a6db134c87c4",
            ),
        ];
        for (revision, bytes, owner, user) in cases {
            let (owner, user) = (hex(owner), hex(user));
            let old = Old {
                owner: &owner,
                user: &user,
                permissions: -4,
                id: &id,
                revision,
                bytes,
                metadata: true,
            };
            let key = old.key(&padded("hemligt")).unwrap();
            let as_owner = old.user_password(&padded("agare")).unwrap();
            assert_eq!(old.key(&as_owner).unwrap(), key);
            assert!(old.key(&padded("")).is_none());
        }
        let owner = hex(
            "c2e3db42c81a2a696dc5e9cd88a8908366be77d7638d233c82805112fb0e3f2388545a1ec5c218f909e496f8b02c19c4",
        );
        let user = hex(
            "2440ce5733e311531e1fb742e27e47d34d65b3ddaa10097307cd87d7776a91acc52cef3279c9cc76275682e6abfc7b4a",
        );
        let owner_key = hex("cbdcb028cab5595071e6f4c099670ced42f23abb9d953b0cefe9e2e440d1272b");
        let user_key = hex("7f1afeee53ab7d119878f0675046b337f8802e2c5598ed6fba21782bc7997b0c");
        let key = modern_key(b"hemligt", &user, &user_key, &[], 6).unwrap();
        let as_owner = modern_key(b"agare", &owner, &owner_key, &user, 6);
        assert_eq!(as_owner.unwrap(), key);
        assert!(modern_key(b"", &user, &user_key, &[], 6).is_none());
    }
}
