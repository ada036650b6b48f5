//! Listings described by a constant: ordering, search, filters and pages from one query string.

use axum::extract::FromRequestParts;
use http::request::Parts;
use provost_listing::{Ask, Kind, Listed, PageAsk, Slice, Wanted};

use crate::absolute::Place;
use crate::field::{Flag, Words};
use crate::page::{envelope, read_page};
use crate::{Invalid, Page, Problem, form, python, texts, times};

/// What a client asks of the listing `By`: `ordering`, `search`, its filters, `page` and
/// `page_size`. Bad filters are a 400 with all their messages.
#[derive(Clone, Debug)]
pub struct List<By> {
    /// Order, search terms and filters.
    pub ask: Ask<By>,
    page: PageAsk,
    place: Place,
}

impl<By> List<By> {
    /// The page asked for.
    #[must_use]
    pub fn page_ask(&self) -> PageAsk {
        self.page
    }

    /// The envelope around `slice`; 404 when the page does not exist.
    pub fn page<T>(&self, slice: Slice<T>) -> Result<Page<T>, Problem> {
        envelope(&self.place, slice)
    }
}

fn read<By: Listed>(pairs: &form::Pairs<'_>) -> Result<Ask<By>, Invalid> {
    let listing = By::LISTING;
    let mut filters = Vec::new();
    let mut wrong: Option<Invalid> = None;
    for filter in listing.filters {
        let text = form::last(pairs, filter.name).map(provost_keys::text::trim);
        match text
            .filter(|text| !text.is_empty())
            .map(|text| wanted(filter.kind, text))
        {
            None => {}
            Some(Ok(wanted)) => filters.push((filter.by, wanted)),
            Some(Err(sentence)) => {
                let invalid = Invalid::field(filter.name, sentence);
                match &mut wrong {
                    Some(all) => all.extend(invalid),
                    none => *none = Some(invalid),
                }
            }
        }
    }
    match wrong {
        Some(invalid) => Err(invalid),
        None => Ok(Ask {
            order: listing.read_order(form::last(pairs, "ordering").unwrap_or_default()),
            search: listing.read_search(form::last(pairs, "search").unwrap_or_default()),
            filters,
        }),
    }
}

fn wanted(kind: Kind, text: &str) -> Result<Wanted, texts::Text> {
    let flag = || {
        Flag::word(text)
            .map(|flag| flag.0)
            .ok_or(texts::NOT_BOOLEAN.into())
    };
    let moment = || times::parse(text).map(|moment| moment.timestamp_micros());
    match kind {
        Kind::Text => Ok(Wanted::Text(text.to_owned())),
        Kind::Words => Ok(Wanted::Words(Words::<false>::split(text).into_vec())),
        Kind::Flag => flag().map(Wanted::Flag),
        Kind::IsNull => flag().map(Wanted::IsNull),
        Kind::Integer => python::integer(text)
            .and_then(|number| i64::try_from(number).ok())
            .map(Wanted::Integer)
            .ok_or(texts::FILTER_NUMBER.into()),
        Kind::Choice(choices) if choices.contains(&text) => Ok(Wanted::Text(text.to_owned())),
        Kind::Choice(_) => Err(texts::not_an_available_choice(text)),
        Kind::Since => moment().map(Wanted::Since).ok_or(texts::FILTER_TIME.into()),
        Kind::Until => moment().map(Wanted::Until).ok_or(texts::FILTER_TIME.into()),
    }
}

impl<S: Send + Sync, By: Listed> FromRequestParts<S> for List<By> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let place = Place::of(parts);
        let pairs = form::pairs(place.query().as_bytes());
        let page = read_page(&pairs, By::LISTING.page_size, By::LISTING.page_max);
        Ok(Self {
            ask: read(&pairs)?,
            page,
            place,
        })
    }
}
