//! The two text rules that trimming, searching and sorting share.

/// White space as Python sees it: Unicode `White_Space` and the four information
/// separators U+001C to U+001F, which Rust's `str::trim` leaves alone.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// `text` without leading and trailing white space, by Python's notion of white space.
///
/// Zero-width characters (U+200B, U+FEFF) are not white space and stay.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// The form in which searches and sorts compare: full Unicode lower case.
///
/// Comparing folded texts byte by byte equals comparing them by code point.
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}
