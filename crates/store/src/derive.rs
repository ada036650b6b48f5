//! Values computed from others: times as numbers, columns that repeat others in lower case.

use chrono::{DateTime, Utc};
use provost_keys::scope::ScopeKey;
use provost_keys::{stored, text};
use provost_tenancy::Summary;
use sea_orm::sea_query::SimpleExpr;
use serde_json::{Value, json};

use crate::Fault;
use crate::batch::value;
use crate::tenants::Object;

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
pub(crate) fn document(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(Fault::broken)
}

/// The text of a stored document that is an object.
pub(crate) fn object(text: &str) -> Result<Object, Fault> {
    serde_json::from_str(text).map_err(Fault::broken)
}

/// An object as the text to store.
pub(crate) fn written(object: &Object) -> Result<String, Fault> {
    serde_json::to_string(object).map_err(Fault::broken)
}

/// A text as one that can be stored: U+FFFD stands for the null character.
///
/// For texts that come out of documents, which may hold the null character, and for records that
/// must not be refused.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A text as the columns hold it in which tenants are searched.
pub(crate) fn searched(text: &str) -> String {
    text::fold(&storable(text))
}

/// The derived columns of a tenant.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TenantColumns {
    /// The key, folded.
    pub(crate) key_lower: String,
    /// The name it was provisioned under, folded; null where it was not.
    pub(crate) name_lower: Option<String>,
    /// The name of its platform, folded; null where there is none.
    pub(crate) platform_lower: Option<String>,
    /// What a list shows of it, see [`tenant_shown`].
    pub(crate) summary: String,
}

impl TenantColumns {
    /// The columns, in the order of the fields.
    pub(crate) fn values(self) -> [SimpleExpr; 4] {
        [
            value(self.key_lower),
            value(self.name_lower),
            value(self.platform_lower),
            value(self.summary),
        ]
    }
}

/// The derived columns of a tenant with this key and these `lms_configs`, `theming_configs` and
/// `meta`.
pub(crate) fn tenant_columns(
    external_key: &str,
    [lms, theming, meta]: [&Object; 3],
) -> TenantColumns {
    let summary = Summary::of(lms, theming, meta);
    let name = meta.get("tenant_name").and_then(Value::as_str);
    TenantColumns {
        key_lower: text::fold(external_key),
        name_lower: name.map(searched),
        platform_lower: summary.platform_name.as_str().map(searched),
        summary: json!((name, summary)).to_string(),
    }
}

/// What a list shows of a tenant: the name it was provisioned under, if it was, and the summary.
pub(crate) fn tenant_shown(stored: &str) -> Result<(Option<String>, Summary), Fault> {
    serde_json::from_str(stored).map_err(Fault::broken)
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
