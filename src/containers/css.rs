//! CSS Syntax Level 3: tokens, declarations, rules, and their spelling.

use crate::bytes::Context;
use crate::model::{Error, Result, len_u64};

/// A token, escapes resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word.
    Ident(String),
    /// `name(`
    Function(String),
    /// `@name`
    At(String),
    /// `#name`
    Hash(String),
    /// Text in quotes.
    Text(String),
    /// `url(…)`
    Url(String),
    /// The number as it is spelled, and its unit.
    Number(String, String),
    /// Any other character; brackets too.
    Delim(char),
    /// White space and comments.
    Space,
    /// What no program understands.
    Bad,
}

/// Tokens, and the comments that stood between them.
///
/// # Errors
/// Those of the budget.
pub fn tokens(text: &str, cx: &Context<'_>) -> Result<(Vec<Token>, Vec<String>)> {
    cx.memory(len_u64(text.len()))?;
    let mut reader = Reader {
        rest: text,
        comments: Vec::new(),
    };
    let mut out: Vec<Token> = Vec::new();
    while let Some(token) = reader.token() {
        cx.item()?;
        if token != Token::Space || out.last() != Some(&Token::Space) {
            out.push(token);
        }
    }
    Ok((out, reader.comments))
}

struct Reader<'a> {
    rest: &'a str,
    comments: Vec<String>,
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c >= '\u{80}'
}

fn is_name(c: char) -> bool {
    is_name_start(c) || c.is_ascii_digit() || c == '-'
}

/// White space (CSS Syntax 3 §4.2).
#[must_use]
pub fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

impl Reader<'_> {
    fn peek(&self, n: usize) -> Option<char> {
        self.rest.chars().nth(n)
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
        Some(c)
    }

    fn starts_name(&self) -> bool {
        match (self.peek(0), self.peek(1)) {
            (Some('-'), Some(c)) => is_name_start(c) || c == '-' || c == '\\',
            (Some('\\'), Some(c)) => c != '\n',
            (Some(c), _) => is_name_start(c),
            _ => false,
        }
    }

    fn starts_number(&self) -> bool {
        let digit = |n: usize| self.peek(n).is_some_and(|c| c.is_ascii_digit());
        match self.peek(0) {
            Some('+' | '-') => digit(1) || (self.peek(1) == Some('.') && digit(2)),
            Some('.') => digit(1),
            _ => digit(0),
        }
    }

    fn token(&mut self) -> Option<Token> {
        if let Some(rest) = self.rest.strip_prefix("/*") {
            let (comment, rest) = rest.split_once("*/").unwrap_or((rest, ""));
            self.comments.push(comment.trim().to_owned());
            self.rest = rest;
            return Some(Token::Space);
        }
        for mark in ["<!--", "-->"] {
            if let Some(rest) = self.rest.strip_prefix(mark) {
                self.rest = rest;
                return Some(Token::Space);
            }
        }
        let c = self.peek(0)?;
        Some(if is_white(c) {
            self.rest = self.rest.trim_start_matches(is_white);
            Token::Space
        } else if matches!(c, '"' | '\'') {
            self.next();
            self.string(c)
        } else if self.starts_number() {
            self.number()
        } else if self.starts_name() {
            let name = self.name();
            if self.peek(0) != Some('(') {
                return Some(Token::Ident(name));
            }
            self.next();
            if name.eq_ignore_ascii_case("url") {
                self.url()
            } else {
                Token::Function(name)
            }
        } else {
            self.next();
            match c {
                '#' if self.peek(0).is_some_and(|c| is_name(c) || c == '\\') => {
                    Token::Hash(self.name())
                }
                '@' if self.starts_name() => Token::At(self.name()),
                c => Token::Delim(c),
            }
        })
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.peek(0) {
            if is_name(c) {
                self.next();
                name.push(c);
            } else if c == '\\' && self.peek(1).is_some_and(|c| c != '\n') {
                self.next();
                name.push(self.escape());
            } else {
                break;
            }
        }
        name
    }

    /// Behind a backslash.
    fn escape(&mut self) -> char {
        let digits: String = self
            .rest
            .chars()
            .take(6)
            .take_while(char::is_ascii_hexdigit)
            .collect();
        if digits.is_empty() {
            return self.next().unwrap_or('\u{fffd}');
        }
        self.rest = self.rest.get(digits.len()..).unwrap_or_default();
        if self.peek(0).is_some_and(is_white) {
            self.next();
        }
        let c = u32::from_str_radix(&digits, 16)
            .ok()
            .and_then(char::from_u32);
        c.filter(|c| *c != '\0').unwrap_or('\u{fffd}')
    }

    fn string(&mut self, quote: char) -> Token {
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                c if c == quote => return Token::Text(text),
                '\n' => return Token::Bad,
                '\\' if self.peek(0) == Some('\n') => drop(self.next()),
                '\\' => text.push(self.escape()),
                c => text.push(c),
            }
        }
        Token::Text(text)
    }

    fn number(&mut self) -> Token {
        let mut text = String::new();
        let mut take = |reader: &mut Self, wanted: &dyn Fn(char) -> bool, most: usize| {
            for _ in 0..most {
                match reader.peek(0) {
                    Some(c) if wanted(c) => {
                        reader.next();
                        text.push(c);
                    }
                    _ => break,
                }
            }
        };
        let digit = |c: char| c.is_ascii_digit();
        take(self, &|c| matches!(c, '+' | '-'), 1);
        take(self, &digit, usize::MAX);
        if self.peek(0) == Some('.') && self.peek(1).is_some_and(digit) {
            take(self, &|_| true, 1);
            take(self, &digit, usize::MAX);
        }
        let exponent = match (self.peek(1), self.peek(2)) {
            (Some('+' | '-'), Some(c)) | (Some(c), _) => c.is_ascii_digit(),
            _ => false,
        };
        if matches!(self.peek(0), Some('e' | 'E')) && exponent {
            take(self, &|_| true, 2);
            take(self, &digit, usize::MAX);
        }
        let unit = if self.peek(0) == Some('%') {
            self.next();
            "%".to_owned()
        } else if self.starts_name() {
            self.name()
        } else {
            String::new()
        };
        Token::Number(text, unit)
    }

    /// Behind `url(`.
    fn url(&mut self) -> Token {
        self.rest = self.rest.trim_start_matches(is_white);
        let token = match self.peek(0) {
            Some(quote @ ('"' | '\'')) => {
                self.next();
                let token = self.string(quote);
                self.rest = self.rest.trim_start_matches(is_white);
                token
            }
            _ => {
                let mut text = String::new();
                while let Some(c) = self.peek(0).filter(|c| *c != ')') {
                    self.next();
                    text.push(if c == '\\' { self.escape() } else { c });
                }
                Token::Text(text.trim_end_matches(is_white).to_owned())
            }
        };
        let closed = self.next();
        match (token, closed) {
            (Token::Text(text), Some(')') | None) => Token::Url(text),
            _ => Token::Bad,
        }
    }
}

/// `name: value`, without `!important`, which the value keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The property in small letters; empty for what no program understands.
    pub name: String,
    /// Its value.
    pub value: Vec<Token>,
}

/// A rule of a style sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `selector { declarations }`
    Style(Vec<Token>, Vec<Declaration>),
    /// `@name prelude { declarations }`
    Block(String, Vec<Token>, Vec<Declaration>),
    /// `@name prelude { rules }`
    Group(String, Vec<Token>, Vec<Rule>),
    /// `@name prelude;`, and rules of a name that nobody knows.
    Other(String, Vec<Token>),
}

/// At-rules with rules inside.
const GROUPS: &[&str] = &[
    "media",
    "supports",
    "layer",
    "keyframes",
    "-webkit-keyframes",
    "-moz-keyframes",
];
/// At-rules with declarations inside.
const BLOCKS: &[&str] = &["font-face", "page", "counter-style", "viewport", "property"];
/// Groups inside groups.
const DEEPEST: usize = 8;

/// The rules of a style sheet.
///
/// # Errors
/// [`Error::Unsupported`] for rules inside rules; the budget's.
pub fn rules(tokens: &[Token], cx: &Context<'_>, depth: usize) -> Result<Vec<Rule>> {
    if depth > DEEPEST {
        return Err(Error::LimitExceeded { limit: "depth" });
    }
    let mut rules = Vec::new();
    let mut rest = tokens;
    loop {
        cx.item()?;
        rest = trim(rest);
        let Some(first) = rest.first() else {
            return Ok(rules);
        };
        let name = match first {
            Token::At(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        };
        // `;` ends at-rules only.
        let end = scan(rest, |token| {
            *token == Token::Delim('{') || (name.is_some() && *token == Token::Delim(';'))
        });
        let (prelude, behind) = rest.split_at(end);
        let prelude = trim(
            prelude
                .get(usize::from(name.is_some())..)
                .unwrap_or_default(),
        )
        .to_vec();
        let has_body = behind.first() == Some(&Token::Delim('{'));
        let behind = behind.get(1..).unwrap_or_default();
        let body = if has_body {
            let end = scan(behind, |token| *token == Token::Delim('}'));
            let (body, after) = behind.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            body
        } else {
            rest = behind;
            &[]
        };
        rules.push(match name {
            None if !has_body => Rule::Other(String::new(), prelude),
            None => Rule::Style(prelude, declarations(body, cx)?),
            Some(name) if has_body && GROUPS.contains(&name.as_str()) => Rule::Group(
                name,
                prelude,
                self::rules(body, cx, depth.saturating_add(1))?,
            ),
            Some(name) if has_body && BLOCKS.contains(&name.as_str()) => {
                Rule::Block(name, prelude, declarations(body, cx)?)
            }
            Some(name) => {
                let mut all = prelude;
                all.extend_from_slice(body);
                Rule::Other(name, all)
            }
        });
    }
}

/// The declarations of a block or of an attribute.
///
/// # Errors
/// [`Error::Unsupported`] for rules inside; the budget's.
pub fn declarations(tokens: &[Token], cx: &Context<'_>) -> Result<Vec<Declaration>> {
    let mut out = Vec::new();
    let mut rest = tokens;
    while !rest.is_empty() {
        cx.item()?;
        let end = scan(rest, |token| *token == Token::Delim(';'));
        let (one, behind) = rest.split_at(end);
        rest = behind.get(1..).unwrap_or_default();
        let one = trim(one);
        if one.contains(&Token::Delim('{')) {
            return Err(Error::unsupported("style rules inside style rules"));
        }
        let Some((first, behind)) = one.split_first() else {
            continue;
        };
        match (first, trim(behind).split_first()) {
            (Token::Ident(name), Some((Token::Delim(':'), value))) => out.push(Declaration {
                name: if name.starts_with("--") {
                    name.clone()
                } else {
                    name.to_ascii_lowercase()
                },
                value: trim(value).to_vec(),
            }),
            // No program understands it either.
            _ => out.push(Declaration {
                name: String::new(),
                value: one.to_vec(),
            }),
        }
    }
    Ok(out)
}

/// Index of the first token outside of brackets that is wanted, or of the end.
fn scan(tokens: &[Token], wanted: impl Fn(&Token) -> bool) -> usize {
    let mut open = 0usize;
    for (index, token) in tokens.iter().enumerate() {
        if open == 0 && wanted(token) {
            return index;
        }
        match token {
            Token::Function(_) | Token::Delim('(' | '[' | '{') => open = open.saturating_add(1),
            Token::Delim(')' | ']' | '}') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    tokens.len()
}

/// The parts between commas outside of brackets.
#[must_use]
pub fn split(tokens: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let mut rest = tokens;
    loop {
        let (part, behind) = rest.split_at(scan(rest, |token| *token == Token::Delim(',')));
        parts.push(part);
        match behind.split_first() {
            Some((_, behind)) => rest = behind,
            None => return parts,
        }
    }
}

/// The tokens without white space around them.
#[must_use]
pub fn trim(mut tokens: &[Token]) -> &[Token] {
    while let Some((Token::Space, rest)) = tokens.split_first() {
        tokens = rest;
    }
    while let Some((Token::Space, rest)) = tokens.split_last() {
        tokens = rest;
    }
    tokens
}

/// Whether all brackets are closed, and no token is bad: such a value or selector means the same wherever
/// it stands.
#[must_use]
pub fn is_balanced(tokens: &[Token]) -> bool {
    let mut open = Vec::new();
    for token in tokens {
        match token {
            Token::Function(_) | Token::Delim('(') => open.push(')'),
            Token::Delim('[') => open.push(']'),
            Token::Delim('{') => open.push('}'),
            Token::Delim(c @ (')' | ']' | '}')) if open.pop() != Some(*c) => return false,
            Token::Bad => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// Tokens as text.
pub fn write(tokens: &[Token], out: &mut String) {
    for token in tokens {
        match token {
            Token::Ident(name) => write_name(name, out),
            Token::Function(name) => {
                write_name(name, out);
                out.push('(');
            }
            Token::At(name) => {
                out.push('@');
                write_name(name, out);
            }
            Token::Hash(name) => {
                out.push('#');
                for c in name.chars() {
                    write_name_char(c, out);
                }
            }
            Token::Text(text) => write_string(text, out),
            Token::Url(text) => {
                out.push_str("url(");
                let plain = |c: char| c.is_ascii_alphanumeric() || "#:;,/+=_.-".contains(c);
                if !text.is_empty() && text.chars().all(plain) {
                    out.push_str(text);
                } else {
                    write_string(text, out);
                }
                out.push(')');
            }
            Token::Number(number, unit) => {
                out.push_str(number);
                if unit == "%" {
                    out.push('%');
                } else {
                    write_name(unit, out);
                }
            }
            Token::Delim(c) => out.push(*c),
            Token::Space => out.push(' '),
            Token::Bad => {}
        }
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\{:x} ", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
}

fn write_name(name: &str, out: &mut String) {
    for (index, c) in name.chars().enumerate() {
        let digit_first =
            c.is_ascii_digit() && (index == 0 || (index == 1 && name.starts_with('-')));
        if digit_first || (c == '-' && name.len() == 1) {
            out.push_str(&format!("\\{:x} ", u32::from(c)));
        } else {
            write_name_char(c, out);
        }
    }
}

fn write_name_char(c: char, out: &mut String) {
    if is_name(c) {
        out.push(c);
    } else if c.is_control() || c.is_ascii_hexdigit() {
        out.push_str(&format!("\\{:x} ", u32::from(c)));
    } else {
        out.extend(['\\', c]);
    }
}

/// Declarations as text.
pub fn write_declarations(declarations: &[Declaration], out: &mut String) {
    for (index, declaration) in declarations.iter().enumerate() {
        if index > 0 {
            out.push(';');
        }
        write_name(&declaration.name, out);
        out.push(':');
        write(&declaration.value, out);
    }
}

/// Rules as text.
pub fn write_rules(rules: &[Rule], out: &mut String) {
    for rule in rules {
        match rule {
            Rule::Style(selector, declarations) => {
                write(selector, out);
                out.push('{');
                write_declarations(declarations, out);
                out.push('}');
            }
            Rule::Block(name, prelude, declarations) => {
                write_at(name, prelude, out);
                out.push('{');
                write_declarations(declarations, out);
                out.push('}');
            }
            Rule::Group(name, prelude, rules) => {
                write_at(name, prelude, out);
                out.push('{');
                write_rules(rules, out);
                out.push('}');
            }
            Rule::Other(name, prelude) => {
                write_at(name, prelude, out);
                out.push(';');
            }
        }
    }
}

fn write_at(name: &str, prelude: &[Token], out: &mut String) {
    out.push('@');
    out.push_str(name);
    if !prelude.is_empty() {
        out.push(' ');
        write(prelude, out);
    }
}
