//! Values computed from others: times as numbers, columns that repeat others in lower case.

use chrono::{DateTime, Utc};
use provost_keys::scope::ScopeKey;
use provost_keys::{stored, text};

use crate::Fault;

/// Microseconds since 1970.
pub(crate) fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

/// The time of a stored number.
pub(crate) fn time(micros: i64) -> Result<DateTime<Utc>, Fault> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| Fault::broken(format!("{micros} is not a time")))
}

/// The text of a stored document.
pub(crate) fn document(text: &str) -> Result<serde_json::Value, Fault> {
    serde_json::from_str(text).map_err(Fault::broken)
}

/// First and last name as one, folded: `users.full_name_lower`.
pub(crate) fn full_name_lower(first: &str, last: &str) -> String {
    text::fold(text::trim(&format!("{first} {last}")))
}

/// The derived columns of a policy row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RuleColumns {
    /// The org of an assignment's scope; null for other rows and for scopes without one.
    pub(crate) scope_org: Option<String>,
    /// The external key in `v1`, folded.
    pub(crate) v1_lower: String,
    /// The external key in `v2`, folded.
    pub(crate) v2_lower: String,
    /// What a listing sorts an assignment's org by, folded: `*` when it holds for all orgs, empty
    /// when there is none; null for rows that are no assignment on a scope that means something.
    pub(crate) scope_org_lower: Option<String>,
}

pub(crate) fn rule_columns(ptype: &str, v1: &str, v2: &str) -> RuleColumns {
    let scope = (ptype == "g").then(|| ScopeKey::resolve(v2).ok()).flatten();
    let org = scope.as_ref().and_then(ScopeKey::org).map(str::to_owned);
    let shown = scope.as_ref().map(|scope| match &org {
        Some(org) => org.as_str(),
        None if scope.is_platform() => "*",
        None => "",
    });
    RuleColumns {
        v1_lower: text::fold(stored::external(v1)),
        v2_lower: text::fold(stored::external(v2)),
        scope_org_lower: shown.map(text::fold),
        scope_org: org,
    }
}
