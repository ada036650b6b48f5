//! Pages of listings: reading which one is wanted, and the envelopes they come in.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use provost_listing::{LimitAsk, PageAsk, PageNumber, Slice};
use serde::Serialize;

use crate::absolute::Place;
use crate::output::json_response;
use crate::{Problem, form, python};

/// One page of a listing, with links to its neighbours.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Page<T> {
    /// How many rows there are in all.
    pub count: u64,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The rows of this page.
    pub results: Vec<T>,
}

/// `page` and `page_size`. Never fails at extraction: a page that does not exist is a 404 when the
/// page is made, after validation and filtering.
#[derive(Clone, Debug)]
pub struct Paging<const DEFAULT: u64 = 10, const MAX: u64 = 100> {
    pub(crate) ask: PageAsk,
    pub(crate) place: Place,
}

/// `limit` and `offset`. Nonsense means the default; every offset exists.
#[derive(Clone, Debug)]
pub struct LimitOffset<const DEFAULT: u64 = 20, const MAX: u64 = { u64::MAX }> {
    /// The limit that was sent, if it makes sense.
    sent: Option<u64>,
    ask: LimitAsk,
    place: Place,
}

impl<const DEFAULT: u64, const MAX: u64> Paging<DEFAULT, MAX> {
    /// The page asked for.
    #[must_use]
    pub fn ask(&self) -> PageAsk {
        self.ask
    }

    /// The envelope around `slice`; 404 when the page does not exist.
    pub fn page<T>(&self, slice: Slice<T>) -> Result<Page<T>, Problem> {
        envelope(&self.place, slice)
    }
}

impl<const DEFAULT: u64, const MAX: u64> LimitOffset<DEFAULT, MAX> {
    /// The same window, with another limit where none was sent.
    #[must_use]
    pub fn or_limit(mut self, default: u64) -> Self {
        self.ask.limit = self.sent.unwrap_or(default).min(MAX);
        self
    }

    /// The window asked for.
    #[must_use]
    pub fn ask(&self) -> LimitAsk {
        self.ask
    }

    /// The envelope around `slice`.
    #[must_use]
    pub fn page<T>(&self, slice: Slice<T>) -> Page<T> {
        let LimitAsk { limit, offset } = self.ask;
        let link = |offset: Option<u64>| {
            let offset = offset.map(|offset| offset.to_string());
            self.place
                .with(&[("limit", Some(limit.to_string())), ("offset", offset)])
        };
        let after = offset.saturating_add(limit);
        Page {
            count: slice.total,
            next: (after < slice.total).then(|| link(Some(after))),
            previous: (offset > 0).then(|| link(offset.checked_sub(limit).filter(|n| *n > 0))),
            results: slice.rows,
        }
    }
}

pub(crate) fn envelope<T>(place: &Place, slice: Slice<T>) -> Result<Page<T>, Problem> {
    let window = slice.window.ok_or_else(Problem::invalid_page)?;
    // The parameter is left out of a link to the first page.
    let link = |number: u64| place.with(&[("page", (number > 1).then(|| number.to_string()))]);
    Ok(Page {
        count: slice.total,
        next: (window.number < window.pages(slice.total)).then(|| link(window.number + 1)),
        previous: (window.number > 1).then(|| link(window.number - 1)),
        results: slice.rows,
    })
}

/// Read `page` and `page_size` with the given default and maximum.
pub(crate) fn read_page(pairs: &form::Pairs<'_>, default: u64, max: u64) -> PageAsk {
    let size = form::last(pairs, "page_size").and_then(positive);
    PageAsk {
        number: page_number(form::last(pairs, "page").unwrap_or_default()),
        size: size.unwrap_or(default).min(max),
    }
}

fn page_number(text: &str) -> PageNumber {
    match text {
        "" => PageNumber::Nth(1),
        "last" => PageNumber::Last,
        text => positive(text).map_or(PageNumber::Nonsense, PageNumber::Nth),
    }
}

/// A whole number above zero; beyond 64 bits it saturates.
fn positive(text: &str) -> Option<u64> {
    python::integer(text)
        .filter(|number| *number > 0)
        .map(saturate)
}

fn saturate(number: i128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl<S: Send + Sync, const DEFAULT: u64, const MAX: u64> FromRequestParts<S>
    for Paging<DEFAULT, MAX>
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let place = Place::of(parts);
        let ask = read_page(&form::pairs(place.query().as_bytes()), DEFAULT, MAX);
        Ok(Self { ask, place })
    }
}

impl<S: Send + Sync, const DEFAULT: u64, const MAX: u64> FromRequestParts<S>
    for LimitOffset<DEFAULT, MAX>
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let place = Place::of(parts);
        let pairs = form::pairs(place.query().as_bytes());
        let sent = form::last(&pairs, "limit").and_then(positive);
        let offset = form::last(&pairs, "offset").and_then(python::integer);
        let ask = LimitAsk {
            limit: sent.unwrap_or(DEFAULT).min(MAX),
            offset: offset.filter(|number| *number >= 0).map_or(0, saturate),
        };
        Ok(Self { sent, ask, place })
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        json_response(StatusCode::OK, &self)
    }
}
