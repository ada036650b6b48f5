//! Grammar of the concrete keys: what a library, a course or a CCX course key looks like.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Letters, digits and other numeric characters of any script, and `_`. Combining marks are not
/// part of it, which is why this is not the `\w` of the `regex` crate.
const PART: &str = r"[\p{L}\p{N}_\-~.:]+";

/// 24 hexadecimal digits.
const VERSION: &str = "version@[0-9a-fA-F]{24}";

/// Two parts. Each may end with one line feed: the platform's anchors let that through, and a
/// key accepted there has to be accepted here.
static LIBRARY: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"\A([a-zA-Z0-9_\-.]+\n?):[\p{L}\p{N}_\-.]+\n?\z"));

static COURSE: LazyLock<Regex> = LazyLock::new(|| compiled(&course("")));

/// A CCX course is a course with a number of its own, and its words may be in any case.
static CCX: LazyLock<Regex> =
    LazyLock::new(|| compiled(&format!("(?i){}", course(r"\+ccx@\p{Nd}+"))));

static ORGANIZATION: LazyLock<Regex> = LazyLock::new(|| compiled(r"\A[a-zA-Z0-9._-]*\n?\z"));

/// The two spellings of a course: by name, where the run may be left out only if a version is
/// given, and by version alone. `extra` is what must stand between version and block.
fn course(extra: &str) -> String {
    format!(
        r"\A(?:({PART})\+{PART}(?:\+{PART}(?:\+branch@{PART})?(?:\+{VERSION})?|(?:\+branch@{PART})?\+{VERSION}){extra}(?:\+type@{PART})?(?:\+block@{PART})?|{VERSION}{extra})\z"
    )
}

#[expect(
    clippy::expect_used,
    reason = "the expressions are constants, compiled by the first test that parses a key"
)]
fn compiled(expression: &str) -> Regex {
    Regex::new(expression).expect("a constant expression compiles")
}

/// The organization of a key, as far as the key names one.
pub(crate) type Organization = Option<Range<usize>>;

fn read(grammar: &Regex, rest: &str) -> Option<Organization> {
    let found = grammar.captures(rest)?;
    Some(found.get(1).map(|organization| organization.range()))
}

/// The organization of a key that has exactly so many `parts`, all of ASCII letters, digits and
/// `_-.`. Nearly every key is one, and a decision that reads it with an expression spends most of
/// its time there. `None` says nothing about the key.
fn plain(rest: &str, separator: char, parts: usize) -> Option<Organization> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let mut found = 0;
    for part in rest.split(separator) {
        found += 1;
        if part.is_empty() || found > parts || !part.bytes().all(is_plain) {
            return None;
        }
    }
    let end = rest.find(separator).filter(|_| found == parts)?;
    Some(Some(0..end))
}

/// Reads what follows `lib:`. Outer `None`: not a library key.
pub(crate) fn library(rest: &str) -> Option<Organization> {
    plain(rest, ':', 2).or_else(|| read(&LIBRARY, rest))
}

/// Reads what follows `course-v1:`. Outer `None`: not a course key.
pub(crate) fn course_run(rest: &str) -> Option<Organization> {
    plain(rest, '+', 3).or_else(|| read(&COURSE, rest))
}

/// Reads what follows `ccx-v1:`. Outer `None`: not a CCX course key.
pub(crate) fn ccx_run(rest: &str) -> Option<Organization> {
    read(&CCX, rest)
}

/// Whether this may stand as the organization of an organization-wide key.
pub(crate) fn is_organization(text: &str) -> bool {
    ORGANIZATION.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text of up to six of a few telling characters.
    fn texts() -> impl Iterator<Item = String> {
        let letters = ["a", "1", "_", "~", ":", "+", "@", "\n", "é"];
        (0..7_u32)
            .flat_map(move |length| (0..letters.len().pow(length)).map(move |at| (length, at)))
            .map(move |(length, mut at)| {
                let mut text = String::new();
                for _ in 0..length {
                    text += letters[at % letters.len()];
                    at /= letters.len();
                }
                text
            })
    }

    #[test]
    fn plain_keys_are_read_as_the_expressions_read_them() {
        let mut seen = 0;
        for text in texts() {
            for (found, grammar) in [
                (plain(&text, ':', 2), &LIBRARY),
                (plain(&text, '+', 3), &COURSE),
            ] {
                if found.is_some() {
                    assert_eq!(found, read(grammar, &text), "{text:?}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 1_000, "{seen}");
    }
}
