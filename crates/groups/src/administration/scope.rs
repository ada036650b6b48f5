//! Who may administer which organization, and what a path names in it.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use http::Method;
use http::request::Parts;
use provost_app::App;
use provost_drf::describe::{self, GenContext, Operation, OperationInput, Responses};
use provost_drf::{Caller, Invalid, Path, Problem, query_pairs};
use provost_store::course_access::groups;
use provost_store::{Db, Fault, course_access as store};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Keys;

/// Whoever may administer the organization in the path. As a handler's argument: 403 for anybody
/// else, whether or not there is such an organization, and 404 for staff if there is none.
pub struct Admin {
    caller: Caller,
    /// The organization's key.
    pub(super) organization: i64,
    /// The path of the request.
    pub(super) path: String,
}

#[derive(Deserialize)]
struct Named {
    organization: String,
}

fn organization(app: &App, caller: &Caller, name: Option<&str>) -> Result<i64, Problem> {
    let index = app.course_access();
    let found = name.and_then(|name| index.organization_named(name));
    if app.is_staff(&caller.username) {
        return found.ok_or_else(Problem::not_found);
    }
    found
        .filter(|organization| index.is_admin_of(caller.id, *organization))
        .ok_or_else(Problem::denied)
}

/// Refuses parameters that the route does not know, and a dry run that does not say whether it is
/// one: what was meant to be tried must not be done.
fn refuse_unknown(parts: &Parts) -> Result<(), Invalid> {
    let known: &[&str] = match parts.method {
        Method::GET | Method::HEAD => &["limit", "cursor", "format"],
        Method::POST if parts.uri.path().ends_with("/rules/") => &["dry_run", "format"],
        _ => &["format"],
    };
    for (name, value) in query_pairs(parts.uri.query().unwrap_or_default()) {
        if !known.contains(&name.as_str()) {
            return Err(Invalid::field(name, "There is no such parameter."));
        }
        if name == "dry_run" && value.is_empty() {
            return Err(Invalid::field(name, "Must be a valid boolean."));
        }
    }
    Ok(())
}

impl FromRequestParts<App> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let named = Path::<Named>::from_request_parts(parts, app).await;
        let named = named.ok().map(|Path(named)| named.organization);
        let organization = organization(app, &caller, named.as_deref())?;
        refuse_unknown(parts)?;
        Ok(Self {
            caller,
            organization,
            path: parts.uri.path().to_owned(),
        })
    }
}

impl OperationInput for Admin {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        Caller::operation_input(context, operation);
    }

    fn inferred_early_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        let mut responses = Caller::inferred_early_responses(context, operation);
        let denied = "The caller does not administer the organization";
        responses.extend(describe::problem(context, Some(403), denied));
        let unknown = "There is no such thing in the organization";
        responses.extend(describe::problem(context, Some(404), unknown));
        responses
    }
}

impl Deref for Admin {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl Admin {
    /// The organization's group with this key, if there is one.
    pub(super) async fn group(&self, db: &Db, id: i64) -> Result<Option<store::Named>, Fault> {
        let found = groups::find(db, self.organization, id).await?;
        Ok(found.map(|group| store::Named {
            id: group.id,
            name: group.name,
        }))
    }
}

/// The refusal of a group that the organization does not have.
pub(super) fn unknown_group(id: i64) -> Invalid {
    Invalid::field("group", format!("Invalid group id: {id}"))
}

/// The key of a row in a path.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Row {
    pub(super) id: i64,
}

/// The number that a page goes on from, if it is not the first.
///
/// # Errors
/// A cursor that is none of ours.
pub(super) fn cursor(keys: &Keys) -> Result<Option<i64>, Invalid> {
    let number = |cursor: &str| {
        let refusal = |_| Invalid::field("cursor", "Invalid cursor");
        cursor.parse().map_err(refusal)
    };
    keys.after.as_deref().map(number).transpose()
}

/// As [`cursor`], where the first page begins before all keys.
pub(super) fn after(keys: &Keys) -> Result<i64, Invalid> {
    Ok(cursor(keys)?.unwrap_or(i64::MIN))
}
