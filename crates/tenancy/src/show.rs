//! Text of others in sentences of ours: where something stands, names, quoted texts.

use std::fmt::{self, Display, Formatter, Write as _};

/// Where a value stands: members and items on the way to it, from the outside in.
///
/// Shown as `tenants[3].lms_configs.MFE_CONFIG`, and a member that is not a plain word in brackets:
/// `lms_configs["a.b"]`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    Root,
    Member(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    pub(crate) fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    pub(crate) fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
    }
}

impl Display for Place<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(Self::Root, name) if is_word(name) => formatter.write_str(name),
            Self::Member(parent, name) if is_word(name) => write!(formatter, "{parent}.{name}"),
            Self::Member(parent, name) => write!(formatter, "{parent}[{}]", quoted(name)),
            Self::Item(parent, index) => write!(formatter, "{parent}[{index}]"),
        }
    }
}

fn is_word(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !name.is_empty() && name.bytes().all(is_plain)
}

/// A name, key or domain as it stands, or in quotes if it would not stay one word on its line.
pub(crate) fn name(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:@+-".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A text as JSON writes it, with everything escaped that a terminal would obey or not show.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        push_escaped(&mut out, letter);
    }
    out.push('"');
    out
}

fn push_escaped(out: &mut String, letter: char) {
    match letter {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if is_unseen(letter) => {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                // Writing to a String does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
        _ => out.push(letter),
    }
}

/// Control characters, those that change the direction of a line, and those that take no room.
pub(crate) fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The first `most` characters of a text, with an ellipsis where more would follow.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_can_be_read_in_one_way_only() {
        let root = Place::Root;
        let tenants = root.member("tenants");
        let tenant = tenants.item(3);
        let column = tenant.member("lms_configs");
        for (place, expected) in [
            (root, ""),
            (tenant, "tenants[3]"),
            (
                column.member("MFE_CONFIG"),
                "tenants[3].lms_configs.MFE_CONFIG",
            ),
            (column.member("a.b"), r#"tenants[3].lms_configs["a.b"]"#),
            (column.member(""), r#"tenants[3].lms_configs[""]"#),
            (
                column.member("a\"]\n"),
                r#"tenants[3].lms_configs["a\"]\n"]"#,
            ),
            (
                column.member("learner-dashboard"),
                "tenants[3].lms_configs.learner-dashboard",
            ),
            (root.member("a/b~c"), r#"["a/b~c"]"#),
        ] {
            assert_eq!(place.to_string(), expected);
        }
    }

    #[test]
    fn nothing_in_a_text_moves_the_line_it_stands_in() {
        for (text, expected) in [
            ("plain", r#""plain""#),
            ("\u{1b}[31mred", r#""\u001b[31mred""#),
            ("a\nb\r\t\0", r#""a\nb\r\t\u0000""#),
            ("\u{202e}gnp.exe", r#""\u202egnp.exe""#),
            ("Straße 東京 😀", r#""Straße 東京 😀""#),
            ("\u{e0041}", r#""\udb40\udc41""#),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn names_are_quoted_only_if_they_are_not_words() {
        for (text, expected) in [
            ("talent1.local.openedx.io", "talent1.local.openedx.io"),
            ("", r#""""#),
            ("a, b", r#""a, b""#),
            ("a\n- b", r#""a\n- b""#),
        ] {
            assert_eq!(name(text), expected);
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        for (text, expected) in [("äöü", "äöü"), ("äöüß", "äöü…"), ("", "")] {
            assert_eq!(cut(text, 3), expected);
        }
    }
}
