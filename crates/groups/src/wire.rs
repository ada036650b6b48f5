//! What several operations of this family show and take.

use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Deref;

use axum::extract::FromRequestParts;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use http::request::Parts;
use provost_app::App;
use provost_drf::describe::{GenContext, Operation, OperationInput};
use provost_drf::{Invalid, LimitOffset, Problem};
use provost_keys::{course, text};
use provost_listing::search;
use provost_store::course_access as store;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Windows of as many rows as the settings say, unless a limit says otherwise; there is no greatest
/// one.
#[derive(Clone, Debug)]
pub struct Paging(LimitOffset);

impl Deref for Paging {
    type Target = LimitOffset;

    fn deref(&self) -> &LimitOffset {
        &self.0
    }
}

impl FromRequestParts<App> for Paging {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let window = LimitOffset::from_request_parts(parts, app).await?;
        let default = app.settings().course_access.page_size;
        Ok(Self(window.or_limit(default.max(1))))
    }
}

impl OperationInput for Paging {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        <LimitOffset as OperationInput>::operation_input(context, operation);
    }
}

/// The key of a row in a path. Whatever is no number is the key of nothing.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Key {
    key: Cow<'static, str>,
}

impl Key {
    /// The number.
    ///
    /// # Errors
    /// 404 for what is none.
    pub(crate) fn id(&self) -> Result<i64, Problem> {
        let trimmed = text::trim(&self.key);
        trimmed.parse().map_err(|_| Problem::not_found())
    }

    /// The key of a course.
    ///
    /// # Errors
    /// 404 for what is none.
    pub(crate) fn course(&self) -> Result<&str, Problem> {
        let key = self.key.as_ref();
        course::is_key(key)
            .then_some(key)
            .ok_or_else(Problem::not_found)
    }
}

/// The words of a search; quotes mean nothing.
#[derive(Debug, Default)]
pub(crate) struct Terms(pub(crate) Vec<String>);

impl Deserr<Invalid> for Terms {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        _: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let text = match value {
            Value::String(text) => text,
            _ => String::new(),
        };
        Ok(Self(search::words(&text)))
    }
}

impl JsonSchema for Terms {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Terms".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// A group, as what belongs to it shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GroupRef {
    id: i64,
    name: String,
}

/// A course, as what belongs to it shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CourseRef {
    id: String,
    /// The title; null where the course has none.
    name: Option<String>,
}

/// A person, as a membership shows one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonRef {
    id: i64,
    email: String,
    username: String,
}

impl PersonRef {
    /// The key.
    pub(crate) fn id(&self) -> i64 {
        self.id
    }
}

impl From<store::Named> for GroupRef {
    fn from(group: store::Named) -> Self {
        Self {
            id: group.id,
            name: group.name,
        }
    }
}

impl From<store::CourseRef> for CourseRef {
    fn from(course: store::CourseRef) -> Self {
        Self {
            id: course.id,
            name: course.name,
        }
    }
}

impl From<store::PersonRef> for PersonRef {
    fn from(person: store::PersonRef) -> Self {
        Self {
            id: person.id,
            email: person.email,
            username: person.username,
        }
    }
}

/// A membership.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Membership {
    id: i64,
    user: PersonRef,
    group: GroupRef,
}

impl From<store::memberships::Membership> for Membership {
    fn from(row: store::memberships::Membership) -> Self {
        Self {
            id: row.id,
            user: row.user.into(),
            group: row.group.into(),
        }
    }
}
