//! Where a request is: its host, the organization it works on, and who may work there.
//!
//! Everything here is answered from memory.

use axum::extract::FromRequestParts;
use axum::extract::MatchedPath;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use provost_app::App;
use provost_drf::absolute::Host;
use provost_drf::describe::{GenContext, Operation, OperationInput, query_parameter};
use provost_drf::{Caller, Invalid, Permission, Problem, query_value};
use provost_policy::courses::read_uuid;
use schemars::json_schema;

/// The query parameter by which staff name an organization.
const ORGANIZATION: &str = "organization_uuid";

/// What is asked of a request before its caller: a key that can be one, and a host that is a site.
///
/// # Errors
/// 404 for a key with a dot or a slash, and for a host that is no site; 400 for what is no host
/// name. All of these crash the reference or miss its routes.
pub(crate) fn precondition(app: &App, parts: &Parts) -> Result<(), Problem> {
    if key(parts).is_some_and(|key| key.contains(['.', '/'])) {
        return Err(Problem::not_found());
    }
    let host = Host::of(parts);
    if !host.is_valid() {
        return Err(Problem::malformed("Bad Request"));
    }
    let found = app.course_access().site_of(host.as_str());
    found.map(drop).ok_or_else(Problem::not_found)
}

/// What stands in the path in the place of the route's parameter.
fn key(parts: &Parts) -> Option<String> {
    let route = parts.extensions.get::<MatchedPath>()?;
    let mut segments = route.as_str().split('/').zip(parts.uri.path().split('/'));
    let (_, sent) = segments.find(|(named, _)| named.starts_with('{'))?;
    Some(percent_decode_str(sent).decode_utf8_lossy().into_owned())
}

/// May administrate the site of the request's host: staff everywhere, and the organization's own
/// administrators.
pub struct SiteAdmin;

impl Permission<App> for SiteAdmin {
    fn check(app: &App, caller: &Caller, parts: &Parts) -> Result<(), Problem> {
        let allowed = caller.is_active
            && (caller.is_admin() || {
                let organization = Place::of(parts).organization_of_host(app);
                organization.is_some_and(|organization| {
                    app.course_access().is_admin_of(caller.id, organization)
                })
            });
        if allowed {
            Ok(())
        } else {
            Err(Problem::denied())
        }
    }
}

/// Where a request is. As a handler's argument it never fails.
#[derive(Clone, Debug)]
pub struct Place {
    host: Host,
    named: Option<String>,
}

impl Place {
    fn of(parts: &Parts) -> Self {
        Self {
            host: Host::of(parts),
            named: query_value(parts, ORGANIZATION),
        }
    }

    /// The one organization of the host; nothing for the main site, and for a site of none or of
    /// several.
    fn organization_of_host(&self, app: &App) -> Option<i64> {
        let index = app.course_access();
        let site = index.site_of(self.host.as_str())?;
        if app.settings().course_access.main_site == Some(site) {
            tracing::debug!(site, "the main site has no organization");
            return None;
        }
        match index.organizations_of_site(site) {
            [only] => Some(*only),
            found => {
                let count = found.len();
                tracing::error!(site, count, "a site must have one organization");
                None
            }
        }
    }

    /// The organization to work on: the one that staff name, or that of the host.
    ///
    /// # Errors
    /// 403 where somebody else names one, 400 for what is no UUID, 404 where there is none.
    pub(crate) fn organization(&self, app: &App, caller: &Caller) -> Result<i64, Problem> {
        let Some(named) = &self.named else {
            let found = self.organization_of_host(app);
            return found.ok_or_else(Problem::not_found);
        };
        if !caller.is_admin() {
            return Err(Problem::denied_because(
                "Not permitted to use the `organization_uuid` parameter.",
            ));
        }
        if read_uuid(named).is_none() {
            let text = format!("'{named}' is not a valid UUID.");
            return Err(Invalid::field(ORGANIZATION, text).into());
        }
        let found = app.course_access().organization_of_uuid(named);
        found.ok_or_else(Problem::not_found)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Place {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}

impl OperationInput for Place {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let about = "The organization to work on, for staff; else that of the host.";
        let uuid = json_schema!({ "type": "string", "format": "uuid" });
        query_parameter(operation, ORGANIZATION, about, uuid);
    }
}
