//! Fields that several operations of this family share.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use provost_drf::{Invalid, Text};
use provost_keys::scope::ScopeKey;
use provost_listing::Direction;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

/// Pages of ten, a hundred at most.
pub(crate) type Paging = provost_drf::Paging<10, 100>;

/// A text of the wire: trimmed, not blank, at most 255 characters.
pub(crate) type Name = Text<255>;

/// A text without a bound of its own: trimmed, not blank.
pub(crate) type AnyText = Text<{ usize::MAX }>;

/// Direction of a sorted list.
#[derive(Clone, Copy, Debug, Default, Deserr, JsonSchema)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum Order {
    /// Smallest first.
    #[default]
    Asc,
    /// Largest first; equal rows stay in the order that they have in an ascending list.
    Desc,
}

impl From<Order> for Direction {
    fn from(order: Order) -> Self {
        match order {
            Order::Asc => Self::Ascending,
            Order::Desc => Self::Descending,
        }
    }
}

/// A search text that has to have something beside blanks, but is searched for with them.
#[derive(Clone, Debug)]
pub(crate) struct Untrimmed(pub(crate) String);

impl Deserr<Invalid> for Untrimmed {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let raw = match &value {
            Value::String(text) => Some(text.clone()),
            _ => None,
        };
        let trimmed = AnyText::deserialize_from_value(value, location)?;
        Ok(Self(raw.unwrap_or_else(|| trimmed.into_string())))
    }
}

impl JsonSchema for Untrimmed {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Untrimmed".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "minLength": 1})
    }
}

/// An organization, as `orgs/` and `scopes/` show it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Organization {
    id: i64,
    #[serde(serialize_with = "provost_drf::times::serialize")]
    created: chrono::DateTime<chrono::Utc>,
    #[serde(serialize_with = "provost_drf::times::serialize")]
    modified: chrono::DateTime<chrono::Utc>,
    name: String,
    short_name: String,
    description: Option<String>,
    /// URL of the logo, if there is one.
    logo: Option<String>,
    active: bool,
}

impl Organization {
    /// Shows an active organization with its logo under `logo`.
    pub(crate) fn shown(
        row: provost_store::listings::OrganizationRow,
        logo: impl FnOnce(&str) -> Option<String>,
    ) -> Self {
        Self {
            id: row.id,
            created: row.created,
            modified: row.modified,
            name: row.name,
            short_name: row.short_name,
            description: row.description,
            logo: logo(&row.logo),
            active: true,
        }
    }
}

/// First and last name as one text.
pub(crate) fn full_name(first: &str, last: &str) -> String {
    provost_keys::text::trim(&format!("{first} {last}")).to_owned()
}

/// The scope that a client names to give, take or list roles in.
///
/// # Errors
/// The error of the field `scope`: the bare wildcard, or a text that is no key.
pub(crate) fn scope(text: &str) -> Result<ScopeKey, Invalid> {
    if text == "*" {
        return Err(Invalid::field(
            "scope",
            "Global wildcard scope '*' is not accepted via the API. Use a specific scope key.",
        ));
    }
    ScopeKey::parse(text).map_err(|error| Invalid::field("scope", error.to_string()))
}

/// The error of a scope that does not exist.
pub(crate) fn missing_scope(scope: &ScopeKey) -> Invalid {
    let external = scope.external();
    Invalid::field("scope", format!("Scope '{external}' does not exist"))
}
