//! What questions are made of, and the words of their answers.

use std::borrow::Cow;
use std::ops::Deref;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use provost_drf::Invalid;
use provost_keys::scope::ScopeKey;
use provost_policy::Because;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::fields::Name;

/// A scope by its external key, as somebody who asks may name it.
pub(crate) struct Scope(ScopeKey);

impl Deref for Scope {
    type Target = ScopeKey;

    fn deref(&self) -> &ScopeKey {
        &self.0
    }
}

impl Deserr<Invalid> for Scope {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let text = Name::deserialize_from_value(value, location)?;
        ScopeKey::parse(&text)
            .map(Self)
            .map_err(|error| Invalid::at(location, error.to_string()))
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.external())
    }
}

impl JsonSchema for Scope {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ScopeKey".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Name::json_schema(generator)
    }
}

/// Why an answer is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// Allowed: staff may do anything in libraries and courses.
    Staff,
    /// Allowed: the subject holds a role that permits the action there.
    Assignment,
    /// Allowed: a rule names the subject itself.
    Rule,
    /// Refused: a rule denies, whatever else permits.
    Denied,
    /// Refused: nothing that the subject holds covers the scope. So it is for subjects nobody knows.
    NoAssignment,
    /// Refused: the subject holds something in the scope, but nothing that permits the action.
    NoRule,
    /// Refused: no rule knows the action.
    UnknownAction,
    /// Refused: the scope cannot be one.
    MalformedScope,
}

impl Reason {
    /// Whether it is a reason to allow.
    pub(crate) fn allows(self) -> bool {
        matches!(self, Self::Staff | Self::Assignment | Self::Rule)
    }
}

impl From<Because> for Reason {
    fn from(because: Because) -> Self {
        match because {
            Because::Staff => Self::Staff,
            Because::Grant { .. } => Self::Assignment,
            Because::Direct { .. } => Self::Rule,
            Because::Denied { .. } => Self::Denied,
            Because::NoGrant => Self::NoAssignment,
            Because::NoDefinition => Self::NoRule,
            Because::UnknownAction => Self::UnknownAction,
            Because::MalformedScope => Self::MalformedScope,
        }
    }
}
