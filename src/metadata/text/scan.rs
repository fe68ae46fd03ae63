//! E-mail addresses and paths in running text.

/// How many of each kind are worth telling from one text.
const MOST: usize = 16;
/// No address and no path of interest is longer, in characters.
const LONGEST: usize = 512;

/// E-mail addresses.
pub(super) fn addresses(text: &str) -> Vec<&str> {
    let is_local = |c: char| c.is_alphanumeric() || "._%+-'".contains(c);
    let is_domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let (before, after) = (text.get(..at), text.get(at.saturating_add(1)..));
        let (Some(before), Some(after)) = (before, after) else {
            continue;
        };
        let local: usize = before
            .chars()
            .rev()
            .take(64)
            .take_while(|c| is_local(*c))
            .map(char::len_utf8)
            .sum();
        let domain: usize = after
            .chars()
            .take(255)
            .take_while(|c| is_domain(*c))
            .map(char::len_utf8)
            .sum();
        let domain = after
            .get(..domain)
            .unwrap_or_default()
            .trim_end_matches(['.', '-']);
        let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
        let start = at.saturating_sub(local);
        let end = at.saturating_add(1).saturating_add(domain.len());
        // `@2x.png` and `a@1.5` are none.
        if local > 0 && top.len() >= 2 && top.chars().all(char::is_alphabetic) {
            found.extend(text.get(start..end));
        }
        if found.len() >= MOST {
            break;
        }
    }
    found
}

/// How paths that tell something about a computer begin.
const ROOTS: &[&str] = &[
    "/Users/",
    "/home/",
    "/root",
    "/storage/",
    "/sdcard/",
    "/var/mobile/",
    "/private/",
    "/Volumes/",
    "/media/",
    "/mnt/",
    "/data/user/",
    "file://",
    "content://",
    "\\\\",
];

/// Paths and file addresses, each up to the end of its line, quotation mark or bracket.
pub(super) fn paths(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut end = 0;
    for (at, c) in text.char_indices() {
        // Roots are looked for only where one can begin, so that the whole is linear.
        if at < end || !matches!(c, '/' | '\\' | 'f' | 'c' | 'A'..='Z') {
            continue;
        }
        let Some(rest) = text.get(at..) else { continue };
        let starts_word = text
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '/' | '\\'));
        if !starts_word || !(is_drive(rest) || ROOTS.iter().any(|root| rest.starts_with(root))) {
            continue;
        }
        let len: usize = rest
            .chars()
            .take(LONGEST)
            .take_while(|c| !c.is_control() && !"\"'<>|;,".contains(*c))
            .map(char::len_utf8)
            .sum();
        let path = rest.get(..len).unwrap_or_default().trim_end();
        if path.len() >= 6 {
            found.push(path);
            end = at.saturating_add(path.len());
        }
        if found.len() >= MOST {
            break;
        }
    }
    found
}

/// `C:\` or `C:/`, but no `HTTP://`.
fn is_drive(text: &str) -> bool {
    match text.as_bytes() {
        [letter, b':', slash @ (b'\\' | b'/'), next, ..] => {
            letter.is_ascii_uppercase() && next != slash
                || matches!(text.as_bytes(), [_, _, b'\\', b'\\', ..])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_only() {
        assert_eq!(
            addresses("mail åsa@exempel.se. or <a.b+c@x.co.uk>"),
            ["åsa@exempel.se", "a.b+c@x.co.uk"]
        );
        assert!(addresses("icon@2x.png2 @ 10 a@b @x.se").is_empty());
    }

    #[test]
    fn paths_only() {
        assert_eq!(
            paths("from /Users/anna/Desktop/My pic.jpg\nnext"),
            ["/Users/anna/Desktop/My pic.jpg"]
        );
        assert_eq!(
            paths("{\"a\":\"C:\\\\Users\\\\x\\\\y.psd\"}"),
            ["C:\\\\Users\\\\x\\\\y.psd"]
        );
        assert_eq!(
            paths("file:///tmp/a.png, \\\\nas\\share"),
            ["file:///tmp/a.png", "\\\\nas\\share"]
        );
        assert!(paths("https://example.org/home/x a/Users/b and/or").is_empty());
    }

    #[test]
    fn long_texts_take_linear_time() {
        for part in ["/home/", "a@", "@a.se", "C:\\", "\\\\"] {
            let text = part.repeat(200_000);
            assert!(addresses(&text).len() <= MOST && paths(&text).len() <= MOST);
        }
    }
}
