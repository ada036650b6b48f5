//! Search texts split into terms.

/// Split a search text at white space and commas, keeping double-quoted phrases together.
///
/// Every term must then occur in a row for the row to be found. Quotes are not part of a term; a
/// quote without its partner is an ordinary character. Empty terms and phrases are dropped.
#[must_use]
pub fn terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let mut rest = text.trim_start_matches(separates);
    while let Some(first) = rest.chars().next() {
        let (term, after) = match (first, closing_quote(rest)) {
            ('"', Some((phrase, after))) => (phrase.trim(), after),
            _ => word(rest),
        };
        if !term.is_empty() {
            terms.push(term.to_owned());
        }
        rest = after.trim_start_matches(separates);
    }
    terms
}

/// Split at white space and commas only: quotes have no meaning, U+0000 is removed.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    text.replace('\0', "")
        .split(separates)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn separates(c: char) -> bool {
    c == ',' || c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn closing_quote(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"')
}

fn word(text: &str) -> (&str, &str) {
    text.split_at(text.find(separates).unwrap_or(text.len()))
}
