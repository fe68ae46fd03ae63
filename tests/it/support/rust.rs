//! Just enough Rust to see which paths a source file names.

/// `source` without comments, without what stands in literals, and without `#[cfg(test)] mod x { … }`.
/// Lines stay where they are.
pub fn code(source: &str) -> String {
    without_tests(&without_literals(source))
}

fn without_literals(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut i = 0;
    while i < chars.len() {
        let end = match (at(i), at(i + 1)) {
            ('/', '/') => find(&chars, i, |i| at(i) == '\n'),
            ('/', '*') => find(&chars, i + 2, |i| at(i) == '*' && at(i + 1) == '/') + 2,
            ('"', _) => string_end(&chars, i + 1),
            ('r', '"' | '#')
                if !is_ident(at(i.wrapping_sub(1))) || at(i.wrapping_sub(1)) == 'b' =>
            {
                let hashes = find(&chars, i + 1, |i| at(i) != '#') - i - 1;
                if at(i + 1 + hashes) == '"' {
                    let closes = |i: usize| at(i) == '"' && (1..=hashes).all(|n| at(i + n) == '#');
                    find(&chars, i + hashes + 2, closes) + hashes + 1
                } else {
                    i
                }
            }
            ('\'', '\\') => find(&chars, i + 3, |i| at(i) == '\'') + 1,
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            _ => i,
        };
        if end == i {
            out.push(at(i));
            i += 1;
        } else {
            let end = end.min(chars.len());
            out.extend(
                chars[i..end]
                    .iter()
                    .map(|c| if *c == '\n' { '\n' } else { ' ' }),
            );
            i = end;
        }
    }
    out
}

/// A text in a source file.
#[derive(Debug)]
pub struct Literal {
    /// Its line, from 1.
    pub line: usize,
    /// What stands before it, white space taken out.
    pub before: String,
    /// What it says; a line break with a backslash before it is none.
    pub text: String,
}

/// All texts in quotation marks before the tests of a source file.
pub fn literals(source: &str) -> Vec<Literal> {
    let end = source.find("#[cfg(test)]\nmod tests {");
    let chars: Vec<char> = source[..end.unwrap_or(source.len())].chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut found = Vec::new();
    let mut before = String::new();
    let (mut i, mut line) = (0, 1);
    while i < chars.len() {
        let end = match (at(i), at(i + 1)) {
            ('/', '/') => find(&chars, i, |i| at(i) == '\n'),
            ('\'', '\\') => find(&chars, i + 3, |i| at(i) == '\'') + 1,
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            ('"', _) => string_end(&chars, i + 1),
            _ => i + 1,
        }
        .min(chars.len());
        let token: String = chars[i..end].iter().collect();
        if at(i) == '"' {
            let mut text = String::new();
            let mut lines = token.trim_matches('"').split("\\\n");
            text.push_str(lines.next().unwrap_or_default());
            lines.for_each(|line| text.push_str(line.trim_start()));
            let before = before.clone();
            found.push(Literal { line, before, text });
        }
        line += token.matches('\n').count();
        if at(i) != '/' || end == i + 1 {
            before.extend(token.chars().filter(|c| !c.is_whitespace()));
        }
        i = end;
    }
    found
}

fn find(chars: &[char], from: usize, is: impl Fn(usize) -> bool) -> usize {
    (from..chars.len()).find(|i| is(*i)).unwrap_or(chars.len())
}

fn string_end(chars: &[char], mut i: usize) -> usize {
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn is_ident(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn without_tests(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find("#[cfg(test)]") {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let item = rest.find(['{', ';']).unwrap_or(rest.len());
        let end = if rest[item..].starts_with('{') {
            block_end(rest, item)
        } else {
            (item + 1).min(rest.len())
        };
        out.extend(rest[..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    out + rest
}

fn block_end(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (i, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + i + 1;
        }
    }
    code.len()
}

/// Every path of at least two names that `code` writes, `use` groups taken apart:
/// `use std::{fs, io::Read}` gives `std::fs` and `std::io::Read`.
pub fn paths(code: &str) -> Vec<Vec<String>> {
    let tokens = tokens(code);
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].starts_with(is_ident) && tokens.get(at + 1) == Some(&"::") {
            at = tree(&tokens, at, &mut Vec::new(), &mut paths);
        } else {
            at += 1;
        }
    }
    paths
}

fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = if is_ident(first) {
            rest.find(|c| !is_ident(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        tokens.push(&rest[..len]);
        rest = rest[len..].trim_start();
    }
    tokens
}

/// Reads one path or group from `at` on and returns where it ends.
fn tree(
    tokens: &[&str],
    mut at: usize,
    prefix: &mut Vec<String>,
    paths: &mut Vec<Vec<String>>,
) -> usize {
    let depth = prefix.len();
    loop {
        match tokens.get(at) {
            Some(&"{") => {
                at += 1;
                while !matches!(tokens.get(at), None | Some(&"}")) {
                    let next = tree(tokens, at, prefix, paths);
                    let renamed = tokens.get(next) == Some(&"as");
                    at = if next == at { at + 1 } else { next } + 2 * usize::from(renamed);
                }
                prefix.truncate(depth);
                return at + 1;
            }
            Some(name) if name.starts_with(is_ident) => {
                prefix.push((*name).to_owned());
                at += 1;
            }
            _ => break,
        }
        if tokens.get(at) != Some(&"::") {
            break;
        }
        at += 1;
    }
    if prefix.len() > depth && prefix.len() > 1 {
        paths.push(prefix.clone());
    }
    prefix.truncate(depth);
    at
}

#[test]
fn reads_paths_and_nothing_else() {
    let source = r##"
        // use std::fs;
        use std::{env::{self, var}, io};
        use crate::model::{Error as E, Span};
        const A: &str = "std::net"; const B: &str = r#"std::"thread"#; const C: char = '"';
        fn f<'a>(x: &'a str) { super::g(std::time::Instant::now(), '\'', "\" std::fs") }
        #[cfg(test)]
        mod tests { use std::process; mod inner {} }
        fn h() { crate::pipeline::run() }
    "##;
    let found: Vec<String> = paths(&code(source)).iter().map(|p| p.join("::")).collect();
    assert_eq!(
        found,
        [
            "std::env::self",
            "std::env::var",
            "std::io",
            "crate::model::Error",
            "crate::model::Span",
            "super::g",
            "std::time::Instant::now",
            "crate::pipeline::run",
        ]
    );
}
