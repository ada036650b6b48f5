//! How Django REST Framework speaks HTTP, once, for every API family.
//!
//! Knows: bodies and query strings as the reference reads them, its sentences for what is wrong,
//! its page envelopes, the order of its checks, its headers; how every one of these types describes
//! itself in the OpenAPI document.
//!
//! Must not know: SQL, tenants, roles by name, how callers prove who they are.
//!
//! Invariant: [`Problem`] is the only type with an error status and a body, and none of its texts
//! holds a private cause.
//! Invariant: all field errors of a request are reported together.
//! Invariant: the order of checks is routing, the family's precondition, content negotiation,
//! authentication, the caller's activity where the family asks for it, the view's guard, the method, the handler; every answer of a matched view carries `Allow` and `Vary`.
//! Invariant: no request makes this crate recurse or allocate without bound.

pub mod absolute;
mod body;
mod caller;
pub mod describe;
mod document;
mod family;
pub mod field;
mod form;
mod gate;
mod headers;
mod invalid;
mod json;
mod keyset;
mod lines;
mod list;
mod media;
mod multipart;
mod negotiate;
mod output;
mod page;
mod permission;
mod problem;
mod python;
mod query;
mod shape;
mod signature;
mod slash;
mod texts;
pub mod times;
mod tree;
mod view;

pub use body::{Body, BodyLimit, Payload, RawBody, Unread};
pub use caller::{Authenticate, BoxFuture, Caller, Entrance, Identity, MaybeCaller, Scheme, Via};
pub use document::{document, document_page};
pub use family::{Dialect, Family, Operation};
pub use field::{
    Batch, Blankable, Choice, Email, Flag, Integer, Items, LowerWords, Maybe, NonEmpty,
    NumberFilter, Optional, Reference, Slug, Ternary, Text, Url, Verbatim, Words,
};
pub use headers::{Accepted, Fresh, IdempotencyKey, IfMatch, IfNoneMatch, Tagged};
pub use invalid::Invalid;
pub use keyset::{Keyset, KeysetPage};
pub use lines::Lines;
pub use list::List;
pub use media::Media;
pub use multipart::Upload;
pub use output::{Created, Json, Metadata, MultiStatus, NoContent};
pub use page::{LimitOffset, Page, Paging};
pub use permission::{Permission, Permitted, query_pairs, query_value};
pub use problem::Problem;
pub use query::{Path, Query};
pub use slash::{JsonBases, Routes, Slash, at_path, not_found_page};
pub use times::Time;
pub use view::View;
