//! Tokens and objects in bytes (ISO 32000-1 §7.2, §7.3). It reads what usual viewers read.

use super::object::{Dict, Id, Object};

/// Maximum depth of arrays and dictionaries inside each other.
const DEPTH: u32 = 96;

/// Why no object was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The bytes end inside an object: with more of the file there may be one.
    End,
    /// There is no object here.
    Syntax,
    /// Arrays and dictionaries are nested too deeply.
    Deep,
}

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'a> {
    /// A number, string or name: a whole object.
    Object(Object),
    /// `[`, `]`, `<<`, `>>`, `{`, `}`.
    Mark(&'static str),
    /// Anything else: an operator, `obj`, `R`, `true`.
    Word(&'a [u8]),
}

/// A position in bytes.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Comments that were skipped, as offsets.
    pub comments: Vec<(usize, usize)>,
}

/// Whether this byte is white space.
#[must_use]
pub fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

impl<'a> Lexer<'a> {
    /// At an offset.
    #[must_use]
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            comments: Vec::new(),
        }
    }

    /// Offset of the next byte.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Moves to an offset.
    pub fn seek(&mut self, at: usize) {
        self.at = at;
    }

    /// What is left.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn bump(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// Moves over white space and comments.
    pub fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let start = self.at;
                while self.peek().is_some_and(|byte| !matches!(byte, 10 | 13)) {
                    self.bump();
                }
                self.comments.push((start, self.at));
            } else if is_space(byte) {
                self.bump();
            } else {
                break;
            }
        }
    }

    /// The next token.
    ///
    /// # Errors
    /// [`Trouble::End`] at the end, also inside a string; [`Trouble::Syntax`] at a stray parenthesis.
    pub fn token(&mut self) -> Result<Token<'a>, Trouble> {
        self.skip_space();
        let Some(byte) = self.peek() else {
            return Err(Trouble::End);
        };
        let next = self.bytes.get(self.at.saturating_add(1)).copied();
        let mark = |text: &'static str| Ok(Token::Mark(text));
        match byte {
            b'(' => self.literal(),
            b'/' => {
                self.bump();
                Ok(Token::Object(self.name()))
            }
            b'<' if next == Some(b'<') => {
                self.at = self.at.saturating_add(2);
                mark("<<")
            }
            b'<' => self.hex(),
            b'>' if next == Some(b'>') => {
                self.at = self.at.saturating_add(2);
                mark(">>")
            }
            b'[' => {
                self.bump();
                mark("[")
            }
            b']' => {
                self.bump();
                mark("]")
            }
            b'{' => {
                self.bump();
                mark("{")
            }
            b'}' => {
                self.bump();
                mark("}")
            }
            b')' | b'>' => Err(Trouble::Syntax),
            _ => Ok(self.word()),
        }
    }

    fn word(&mut self) -> Token<'a> {
        let start = self.at;
        while self.peek().is_some_and(is_regular) {
            self.bump();
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        number(word).map_or(Token::Word(word), Token::Object)
    }

    fn name(&mut self) -> Object {
        let rest = self.rest();
        let end = rest
            .iter()
            .position(|byte| !is_regular(*byte) || *byte == b'#');
        let (plain, rest) = rest
            .split_at_checked(end.unwrap_or(rest.len()))
            .unwrap_or_default();
        self.at = self.at.saturating_add(plain.len());
        if rest.first() != Some(&b'#') {
            return Object::Name(plain.into());
        }
        let mut out = plain.to_vec();
        while let Some(byte) = self.peek().filter(|byte| is_regular(*byte)) {
            self.bump();
            let pair = self.bytes.get(self.at..self.at.saturating_add(2));
            match (byte, pair.and_then(hex_pair)) {
                (b'#', Some(value)) => {
                    self.at = self.at.saturating_add(2);
                    out.push(value);
                }
                _ => out.push(byte),
            }
        }
        Object::Name(out.into())
    }

    fn literal(&mut self) -> Result<Token<'a>, Trouble> {
        self.bump();
        let rest = self.rest();
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b'(' | b')' | b'\\' | 13));
        let (plain, rest) = rest
            .split_at_checked(end.unwrap_or(rest.len()))
            .unwrap_or_default();
        self.at = self.at.saturating_add(plain.len());
        if rest.first() == Some(&b')') {
            self.bump();
            return Ok(Token::Object(Object::String(plain.into())));
        }
        let mut out = plain.to_vec();
        let mut open = 1u32;
        loop {
            let byte = self.peek().ok_or(Trouble::End)?;
            self.bump();
            match byte {
                b'(' => open = open.saturating_add(1),
                b')' => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return Ok(Token::Object(Object::String(out.into())));
                    }
                }
                b'\\' => {
                    if let Some(byte) = self.escape()? {
                        out.push(byte);
                    }
                    continue;
                }
                13 => {
                    if self.peek() == Some(10) {
                        self.bump();
                    }
                    out.push(10);
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
    }

    fn escape(&mut self) -> Result<Option<u8>, Trouble> {
        let byte = self.peek().ok_or(Trouble::End)?;
        self.bump();
        Ok(Some(match byte {
            b'n' => 10,
            b'r' => 13,
            b't' => 9,
            b'b' => 8,
            b'f' => 12,
            10 => return Ok(None),
            13 => {
                if self.peek() == Some(10) {
                    self.bump();
                }
                return Ok(None);
            }
            b'0'..=b'7' => {
                let mut value = u32::from(byte & 7);
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else {
                        break;
                    };
                    value = value.wrapping_mul(8).wrapping_add(u32::from(digit & 7));
                    self.bump();
                }
                u8::try_from(value & 0xFF).unwrap_or(0)
            }
            other => other,
        }))
    }

    fn hex(&mut self) -> Result<Token<'a>, Trouble> {
        self.bump();
        let mut out = Vec::new();
        let mut high = None;
        loop {
            let byte = self.peek().ok_or(Trouble::End)?;
            self.bump();
            if byte == b'>' {
                out.extend(high.map(|high: u8| high.wrapping_mul(16)));
                return Ok(Token::Object(Object::String(out.into())));
            }
            if let Some(digit) = digit(byte) {
                match high.take() {
                    Some(high) => out.push(high.wrapping_mul(16).wrapping_add(digit)),
                    None => high = Some(digit),
                }
            }
        }
    }

    /// The next object. Inside a content stream there are no references.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub fn object(&mut self) -> Result<Object, Trouble> {
        let token = self.token()?;
        self.object_from(token, DEPTH)
    }

    /// The object that begins with a token.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub fn object_from(&mut self, token: Token<'_>, depth: u32) -> Result<Object, Trouble> {
        let depth = depth.checked_sub(1).ok_or(Trouble::Deep)?;
        match token {
            Token::Object(Object::Int(number)) => Ok(self.reference(number)),
            Token::Object(object) => Ok(object),
            Token::Mark("[") => self.array(depth),
            Token::Mark("<<") => self.dict(depth).map(Object::Dict),
            Token::Mark(_) => Err(Trouble::Syntax),
            Token::Word(word) => match word {
                b"true" => Ok(Object::Bool(true)),
                b"false" => Ok(Object::Bool(false)),
                b"null" => Ok(Object::Null),
                _ => Err(Trouble::Syntax),
            },
        }
    }

    /// A number, or the reference that begins with it.
    fn reference(&mut self, number: i64) -> Object {
        if !self.may_refer() {
            return Object::Int(number);
        }
        let back = self.at;
        let comments = self.comments.len();
        let id = (|| {
            let Ok(Token::Object(Object::Int(generation))) = self.token() else {
                return None;
            };
            let Ok(Token::Word(word)) = self.token() else {
                return None;
            };
            (word == b"R").then_some(Id {
                number: u32::try_from(number).ok()?,
                generation: u16::try_from(generation).ok()?,
            })
        })();
        if let Some(id) = id {
            return Object::Ref(id);
        }
        self.at = back;
        self.comments.truncate(comments);
        Object::Int(number)
    }

    /// Whether what follows a number may be a generation and `R`.
    fn may_refer(&self) -> bool {
        let rest = self.rest().trim_ascii_start();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let after = rest.get(digits..).unwrap_or_default().trim_ascii_start();
        // White space that is none in ASCII, comments, signs: they are read as tokens.
        digits == 0
            && !matches!(
                rest.first(),
                None | Some(b'/' | b']' | b'>' | b'<' | b'(' | b'[')
            )
            || digits > 0 && !matches!(after.first(), Some(b'0'..=b'9' | b']' | b'/' | b'>'))
    }

    fn array(&mut self, depth: u32) -> Result<Object, Trouble> {
        let mut out = Vec::new();
        loop {
            match self.token() {
                Ok(Token::Mark("]")) => return Ok(Object::Array(out)),
                // Viewers close what was left open.
                Ok(Token::Mark(">>")) => {
                    self.at = self.at.saturating_sub(2);
                    return Ok(Object::Array(out));
                }
                Ok(Token::Word(word)) if matches!(word, b"endobj" | b"stream") => {
                    self.at = self.at.saturating_sub(word.len());
                    return Ok(Object::Array(out));
                }
                Ok(token) => match self.object_from(token, depth) {
                    Ok(object) => out.push(object),
                    Err(Trouble::Syntax) => out.push(Object::Null),
                    Err(trouble) => return Err(trouble),
                },
                Err(Trouble::Syntax) => self.bump(),
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// A dictionary after its `<<`.
    fn dict(&mut self, depth: u32) -> Result<Dict, Trouble> {
        let mut out = Dict::default();
        self.entries(depth, &mut out)?;
        out.settle();
        Ok(out)
    }

    fn entries(&mut self, depth: u32, out: &mut Dict) -> Result<(), Trouble> {
        loop {
            match self.token() {
                Ok(Token::Mark(">>")) => return Ok(()),
                Ok(Token::Object(Object::Name(key))) => match self.token() {
                    Ok(Token::Mark(">>")) => return Ok(()),
                    Ok(token) => match self.object_from(token, depth) {
                        Ok(value) => out.push(key, value),
                        Err(Trouble::Syntax) => {}
                        Err(trouble) => return Err(trouble),
                    },
                    Err(trouble) => return Err(trouble),
                },
                Ok(Token::Word(word)) if matches!(word, b"endobj" | b"stream") => {
                    self.at = self.at.saturating_sub(word.len());
                    return Ok(());
                }
                Ok(_) => {}
                Err(Trouble::Syntax) => self.bump(),
                Err(trouble) => return Err(trouble),
            }
        }
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let &[high, low] = pair else { return None };
    Some(digit(high)?.wrapping_mul(16).wrapping_add(digit(low)?))
}

/// A number as viewers read it: a doubled sign counts once, and what follows a second point or a sign
/// inside is left out.
fn number(word: &[u8]) -> Option<Object> {
    let first = *word.first()?;
    if let Some(plain) = plain(word) {
        return Some(plain);
    }
    if !matches!(first, b'+' | b'-' | b'.' | b'0'..=b'9') {
        return None;
    }
    let signs = word.iter().take_while(|b| matches!(b, b'+' | b'-')).count();
    let negative = first == b'-';
    let digits = word.get(signs..)?;
    if digits
        .iter()
        .any(|b| !matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+'))
    {
        return None;
    }
    let mut text = String::new();
    let mut has_point = false;
    for byte in digits {
        match byte {
            b'.' if !has_point => has_point = true,
            b'0'..=b'9' => {}
            _ => break,
        }
        text.push(char::from(*byte));
    }
    if text.is_empty() || text == "." {
        return (signs > 0 || has_point).then_some(Object::Int(0));
    }
    let sign = if negative { "-" } else { "" };
    if !has_point && let Ok(value) = format!("{sign}{text}").parse() {
        return Some(Object::Int(value));
    }
    Some(Object::Real(format!("{sign}{text}").into()))
}

/// A number that is spelt as the standard says: a sign, digits, one point between them.
fn plain(word: &[u8]) -> Option<Object> {
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    let points = digits.iter().filter(|byte| **byte == b'.').count();
    let is_plain = digits.first()?.is_ascii_digit()
        && digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.'));
    let text = std::str::from_utf8(word).ok().filter(|_| is_plain)?;
    match points {
        0 => text.parse().ok().map(Object::Int),
        1 => Some(Object::Real(text.into())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Object {
        Lexer::new(text.as_bytes(), 0).object().unwrap()
    }

    #[test]
    fn strings_and_names_are_decoded() {
        let string = |text: &str| parse(text).as_string().unwrap().to_vec();
        assert_eq!(string("(a\\(b(c)\\051\\\n\\r\\1x)"), b"a(b(c))\r\x01x");
        assert_eq!(string("<4 1 42 7>"), b"AB\x70");
        assert_eq!(parse("/A#42#zz").as_name().unwrap(), b"AB#zz");
    }

    #[test]
    fn numbers_keep_their_value() {
        assert_eq!(parse("--5"), Object::Int(-5));
        assert_eq!(parse("+.5"), Object::Real(".5".into()));
        assert_eq!(parse("1.2.3"), Object::Real("1.2".into()));
        assert_eq!(parse("-"), Object::Int(0));
        assert_eq!(parse("12-34"), Object::Int(12));
    }

    #[test]
    fn references_and_nesting() {
        let object = parse("<</A[1 0 R 2 3]/B<</C null>>/D/E>>");
        let dict = object.as_dict().unwrap();
        let array = dict.get("A").unwrap().as_array().unwrap();
        assert_eq!(array.len(), 3);
        assert!(array[0].as_ref().is_some());
        assert!(dict.get("D").unwrap().is_name("E"));
    }

    #[test]
    fn ends_and_depth_are_noticed() {
        let trouble = |text: &[u8]| Lexer::new(text, 0).object().unwrap_err();
        assert_eq!(trouble(b"<</A (x"), Trouble::End);
        assert_eq!(trouble(&[b'['; 100_000]), Trouble::Deep);
        assert_eq!(trouble(b"endobj"), Trouble::Syntax);
    }
}
