//! Rust source as text: where comments, tests and functions begin and end.
//!
//! A reader of braces, not a parser: enough for counting lines and for finding names in signatures.

/// A span of bytes.
pub(crate) type Span = std::ops::Range<usize>;

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// The line of its `fn`, from 1.
    pub(crate) line: usize,
    /// How many lines it has, from its `fn` to its closing brace.
    pub(crate) lines: usize,
}

/// The source with comments and the insides of literals blanked. Every line and every byte keeps its place.
pub(crate) fn blank(source: &str) -> String {
    let mut out = Vec::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let word = out
            .last()
            .is_some_and(|byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_');
        let skipped =
            if word { None } else { raw_string(rest) }.or_else(|| literal_or_comment(rest));
        let length = skipped.unwrap_or_else(|| first.len_utf8());
        let (taken, after) = rest.split_at(length.min(rest.len()));
        if skipped.is_some() {
            out.extend(
                taken
                    .bytes()
                    .map(|byte| if byte == b'\n' { b'\n' } else { b' ' }),
            );
        } else {
            out.extend(taken.bytes());
        }
        rest = after;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The length of the comment, text or character that a source begins with.
fn literal_or_comment(source: &str) -> Option<usize> {
    if source.starts_with("//") {
        return Some(source.find('\n').unwrap_or(source.len()));
    }
    if source.starts_with("/*") {
        return Some(block_comment(source));
    }
    if source.starts_with('"') {
        return Some(quoted(source, '"'));
    }
    let mut chars = source.chars();
    if chars.next() == Some('\'') {
        // `'a'` and `'\n'` are characters; `'a` without a closing quote is a lifetime.
        let (second, third) = (chars.next()?, chars.next());
        return (second == '\\' || third == Some('\'')).then(|| quoted(source, '\''));
    }
    None
}

fn block_comment(source: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let step = if rest.starts_with("/*") {
            depth += 1;
            2
        } else if rest.starts_with("*/") {
            depth -= 1;
            2
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a literal up to and with its closing quote.
fn quoted(source: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in source.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    source.len()
}

/// The length of the raw text (`r"…"`, `br#"…"#`) that a source begins with.
fn raw_string(source: &str) -> Option<usize> {
    let after_prefix = ["r", "br", "cr"]
        .iter()
        .find_map(|prefix| source.strip_prefix(prefix))?;
    let hashes = after_prefix
        .chars()
        .take_while(|character| *character == '#')
        .count();
    let inside = after_prefix.get(hashes..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let begin = source.len() - inside.len();
    Some(
        inside
            .find(&end)
            .map_or(source.len(), |at| begin + at + end.len()),
    )
}

/// The spans of items under `#[cfg(test)]`, in blanked source.
pub(crate) fn test_spans(blanked: &str) -> Vec<Span> {
    blanked
        .match_indices("#[cfg(test)]")
        .map(|(at, attribute)| at..item_end(blanked, at + attribute.len()))
        .collect()
}

/// Where an item ends: at its `;` or at the brace that closes its body.
fn item_end(blanked: &str, from: usize) -> usize {
    match head_end(blanked, from) {
        Some((at, b'{')) => closing(blanked, at).map_or(blanked.len(), |end| end + 1),
        Some((at, _)) => at + 1,
        None => blanked.len(),
    }
}

/// The first `{` or `;` that stands in no parenthesis or bracket, and where.
pub(crate) fn head_end(blanked: &str, from: usize) -> Option<(usize, u8)> {
    let mut depth = 0_usize;
    for (at, byte) in blanked.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'{' | b';' if depth == 0 => return Some((at, byte)),
            _ => {}
        }
    }
    None
}

/// The brace that closes the one at `from`.
pub(crate) fn closing(blanked: &str, from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in blanked.bytes().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at),
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Every function with a body that is no test, in blanked source.
pub(crate) fn functions(blanked: &str) -> Vec<Function> {
    let tests = test_spans(blanked);
    words(blanked)
        .filter(|(_, word)| *word == "fn")
        .filter(|(at, _)| !tests.iter().any(|span| span.contains(at)))
        .filter_map(|(at, _)| function(blanked, at))
        .collect()
}

fn function(blanked: &str, at: usize) -> Option<Function> {
    // A function has a name; a type `fn(…)` has none.
    let name = blanked.get(at + 2..)?.strip_prefix(' ')?;
    let name: String = name
        .chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect();
    let (open, b'{') = head_end(blanked, at)? else {
        return None;
    };
    let close = closing(blanked, open)?;
    let line = line_of(blanked, at);
    Some(Function {
        name,
        line,
        lines: line_of(blanked, close) - line + 1,
    })
}

/// The words of a text and where each begins.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}

/// The line of a byte, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_lifetimes_are_not() {
        for (source, left) in [
            ("a // fn b() {\nc", "a c"),
            ("a /* { /* { */ } */ b", "a b"),
            (r#"x("{\"}", y)"#, "x( , y)"),
            ("'{' '\\'' b", "b"),
            ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
            ("r#\"}\"{\"# + br\"{\" z", "+ z"),
            ("for\"{\"", "for"),
        ] {
            let blanked = blank(source);
            let words: Vec<&str> = blanked.split_whitespace().collect();
            assert_eq!(words.join(" "), left, "{source}");
            assert_eq!(
                (blanked.len(), blanked.lines().count()),
                (source.len(), source.lines().count())
            );
        }
    }

    #[test]
    fn functions_are_counted_from_their_name_to_their_closing_brace() {
        let source = "\
trait T {
    fn declared(&self) -> [u8; 4];
}
/// fn in_a_comment() {}
pub async fn first<F: Fn() -> u8>(
    f: F,
) -> Option<fn(u8)> {
    if true { \"}\"; }
    None
}
#[cfg(test)]
mod tests {
    fn ignored() {}
}
fn second() {}
";
        let expected = [("first", 5, 6), ("second", 15, 1)].map(|(name, line, lines)| Function {
            name: name.to_owned(),
            line,
            lines,
        });
        assert_eq!(functions(&blank(source)), expected);
    }

    #[test]
    fn what_is_under_a_test_attribute_ends_where_its_item_ends() {
        let blanked = blank(
            "#[cfg(test)]\nuse a::{b};\nfn c() {}\n#[cfg(test)]\n#[expect(x)]\nmod d { fn e() {} }\nfn f() {}",
        );
        let names: Vec<_> = functions(&blanked)
            .into_iter()
            .map(|function| function.name)
            .collect();
        assert_eq!(names, ["c", "f"]);
    }
}
