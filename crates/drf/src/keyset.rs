//! Pages that continue after a key: stable under writes, and as cheap at the end as at the start.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use serde::Serialize;

use crate::absolute::Place;
use crate::output::json_response;
use crate::{Invalid, Problem, form, python, texts};

/// `cursor` and `limit`: continue after the row a former page ended with.
#[derive(Clone, Debug)]
pub struct Keyset<const DEFAULT: u64 = 50, const MAX: u64 = 500> {
    /// The key the former page ended with; none at the start.
    pub after: Option<String>,
    /// At most this many rows.
    pub limit: u64,
    place: Place,
}

/// One page of a keyset listing.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct KeysetPage<T> {
    /// The rows of this page.
    pub results: Vec<T>,
    /// The address of the next page, if there may be one.
    pub next: Option<String>,
}

impl<const DEFAULT: u64, const MAX: u64> Keyset<DEFAULT, MAX> {
    /// The envelope around `rows`; `last` is the key of the last row when more rows follow.
    #[must_use]
    pub fn page<T>(&self, rows: Vec<T>, last: Option<&str>) -> KeysetPage<T> {
        let next = last.map(|key| self.place.with(&[("cursor", Some(seal(key)))]));
        KeysetPage {
            results: rows,
            next,
        }
    }
}

impl<const DEFAULT: u64, const MAX: u64> Keyset<DEFAULT, MAX> {
    /// One row more than the page holds: what to ask for, so that [`cut`](Self::cut) sees whether
    /// more follow.
    #[must_use]
    pub fn one_more(&self) -> u64 {
        self.limit.saturating_add(1)
    }

    /// The page of `rows`, of which there may be more than fit; `key` gives the key of a row.
    #[must_use]
    pub fn cut<T>(&self, mut rows: Vec<T>, key: impl FnOnce(&T) -> String) -> KeysetPage<T> {
        let fit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > fit;
        rows.truncate(fit);
        let last = rows.last().filter(|_| more).map(key);
        self.page(rows, last.as_deref())
    }
}

/// A key as an opaque word, so that clients do not take it apart.
fn seal(key: &str) -> String {
    use std::fmt::Write;
    key.bytes()
        .fold(String::with_capacity(key.len() * 2), |mut word, byte| {
            // Writing to a text cannot fail.
            let _ = write!(word, "{byte:02x}");
            word
        })
}

fn unseal(word: &str) -> Option<String> {
    let digits: Option<Vec<u8>> = word
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let bytes: Option<Vec<u8>> = digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high * 16 + low),
            _ => None,
        })
        .collect();
    String::from_utf8(bytes?).ok()
}

impl<S: Send + Sync, const DEFAULT: u64, const MAX: u64> FromRequestParts<S>
    for Keyset<DEFAULT, MAX>
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let place = Place::of(parts);
        let pairs = form::pairs(place.query().as_bytes());
        let after = match form::last(&pairs, "cursor").filter(|word| !word.is_empty()) {
            None => None,
            Some(word) => {
                Some(unseal(word).ok_or_else(|| Invalid::field("cursor", texts::INVALID_CURSOR))?)
            }
        };
        let limit = form::last(&pairs, "limit").and_then(python::integer);
        let limit = limit
            .and_then(|limit| u64::try_from(limit).ok())
            .filter(|limit| *limit > 0);
        Ok(Self {
            after,
            limit: limit.unwrap_or(DEFAULT).min(MAX),
            place,
        })
    }
}

impl<T: Serialize> IntoResponse for KeysetPage<T> {
    fn into_response(self) -> Response {
        json_response(StatusCode::OK, &self)
    }
}
