//! Content negotiation: what is answered is JSON, or the client is told that it is not.

use http::request::Parts;
use http::{HeaderMap, header};

use crate::{Dialect, Problem, form, lines};

/// Refuse a client that will not take what the dialect answers.
pub(crate) fn negotiate(parts: &Parts, dialect: Dialect) -> Result<(), Problem> {
    if dialect == Dialect::Drf && asks_for_another_format(parts.uri.query()) {
        return Err(Problem::not_found());
    }
    if admits(&parts.headers, dialect) {
        Ok(())
    } else {
        Err(Problem::not_acceptable())
    }
}

fn asks_for_another_format(query: Option<&str>) -> bool {
    let Some(query) = query else { return false };
    // Most queries never mention the name; those that encode it letter by letter contain a `%`.
    if !query.contains("format") && !query.contains('%') {
        return false;
    }
    let pairs = form::pairs(query.as_bytes());
    form::last(&pairs, "format").is_some_and(|format| !format.is_empty() && format != "json")
}

fn admits(headers: &HeaderMap, dialect: Dialect) -> bool {
    let mut values = headers.get_all(header::ACCEPT).iter().peekable();
    if values.peek().is_none() {
        return true;
    }
    values.any(|value| {
        let text = String::from_utf8_lossy(value.as_bytes());
        text.split(',').any(|range| admits_range(range, dialect))
    })
}

fn admits_range(range: &str, dialect: Dialect) -> bool {
    let media = range
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match media.as_str() {
        "*/*" | "application/*" | "application/json" => true,
        "application/problem+json" | lines::MEDIA_TYPE => dialect == Dialect::Problems,
        _ => false,
    }
}
