//! Who may call this API.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use http::request::Parts;
use provost_app::tenants::may_call_tenants;
use provost_app::{App, Error};
use provost_drf::absolute::Origin;
use provost_drf::describe::{self, GenContext, Operation, OperationInput, Responses};
use provost_drf::{Caller, MaybeCaller, Problem};

/// A caller who may call this API: staff, or somebody with the permission whose token belongs to an
/// application of this very site.
///
/// As an argument: 401 or 403 for everybody else; arguments after it are not looked at before that.
#[derive(Clone, Debug)]
pub struct Operator(Caller);

impl Deref for Operator {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl FromRequestParts<App> for Operator {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Ok(MaybeCaller(caller)) = MaybeCaller::from_request_parts(parts, app).await;
        may_call_tenants(app, caller.as_ref(), &Origin::requested(parts)).await?;
        Ok(Self(caller.ok_or_else(Problem::unauthenticated)?))
    }
}

impl OperationInput for Operator {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        Caller::operation_input(context, operation);
    }

    fn inferred_early_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        let mut responses = Caller::inferred_early_responses(context, operation);
        responses.extend(describe::problem(context, Some(403), "The caller may not"));
        responses
    }
}
