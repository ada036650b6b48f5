//! Moments on the wire: `2026-01-02T03:04:05Z`, microseconds only when there are any.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike, Utc};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::{Invalid, texts};

/// A moment, read leniently and written as the reference writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub DateTime<Utc>);

impl From<DateTime<Utc>> for Time {
    fn from(moment: DateTime<Utc>) -> Self {
        Self(moment)
    }
}

/// The text of a moment, in UTC, cut to microseconds.
#[must_use]
pub fn text(moment: &DateTime<Utc>) -> String {
    let whole_seconds = moment.nanosecond() % 1_000_000_000 < 1_000;
    let pattern = if whole_seconds {
        "%Y-%m-%dT%H:%M:%SZ"
    } else {
        "%Y-%m-%dT%H:%M:%S%.6fZ"
    };
    moment.format(pattern).to_string()
}

/// For `#[serde(serialize_with = "provost_drf::times::serialize")]`.
pub fn serialize<S: Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(moment))
}

/// Read ISO 8601 as the reference does: `T` or a blank between date and time, seconds and their
/// fraction optional, a date alone is its midnight, no offset means UTC.
#[must_use]
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = provost_keys::text::trim(text);
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(date.and_hms_opt(0, 0, 0)?.and_utc());
    }
    let text = text.replacen(' ', "T", 1);
    let zoned = match text.strip_suffix(['Z', 'z']) {
        Some(naive) => format!("{naive}+00:00"),
        None => text,
    };
    let with_offset = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"];
    let without = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    let found = with_offset
        .iter()
        .find_map(|pattern| DateTime::parse_from_str(&zoned, pattern).ok())
        .map(|moment| moment.to_utc());
    found.or_else(|| {
        let naive = without
            .iter()
            .find_map(|pattern| NaiveDateTime::parse_from_str(&zoned, pattern).ok());
        naive.map(|moment| moment.and_utc())
    })
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(&self.0, serializer)
    }
}

impl Deserr<Invalid> for Time {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let found = match value {
            Value::Null => return Err(Invalid::null(location)),
            Value::String(text) => parse(&text),
            _ => None,
        };
        found
            .map(Self)
            .ok_or_else(|| Invalid::at(location, texts::NOT_TIME))
    }
}

impl JsonSchema for Time {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}
