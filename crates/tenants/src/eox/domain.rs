//! `configs/update-by-domain/`: the configuration that a host leads to.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, State};
use http::StatusCode;
use http::request::Parts as Head;
use provost_app::{Answer, App};
use provost_drf::describe::{
    self, GenContext, Operation, OperationInput, Responses, query_parameter,
};
use provost_drf::{Json, Problem, Unread, query_value};
use provost_store::Db;
use provost_store::tenants::configs::{self, Config};
use schemars::json_schema;
use serde_json::json;

use super::caller::Operator;
use super::configs::{Parts, Row, Sent, write};
use super::members::Extent;
use crate::work::Work;

/// The host whose configuration is meant; nothing where the request does not say.
pub struct Domain(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Domain {
    type Rejection = Infallible;

    async fn from_request_parts(head: &mut Head, _: &S) -> Result<Self, Infallible> {
        Ok(Self(query_value(head, "domain")))
    }
}

impl OperationInput for Domain {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let about = "The host, exactly as its route has it. Required.";
        let schema = json_schema!({"type": "string", "minLength": 1});
        query_parameter(operation, "domain", about, schema);
    }

    fn inferred_early_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        describe::problem(context, Some(404), "The host leads to no configuration")
    }
}

/// Change parts of the configuration that a host leads to.
pub async fn update(
    State(app): State<App>,
    caller: Operator,
    domain: Domain,
    body: Unread<Parts>,
) -> Answer<Json<Row>> {
    let domain = domain.0.ok_or_else(|| {
        let text = "The 'domain' query parameter is required.";
        refused(StatusCode::BAD_REQUEST, text)
    })?;
    routed(app.store().read(), &domain).await?;
    let body = body.decode().await?;
    let sent = Sent::read(&app, &body, Extent::Partial).await?;
    let work = Work::begin(&app, &*caller).await?;
    // The host may lead elsewhere by now.
    let before = routed(&work.tx, &domain).await?;
    write(work, before, sent).await
}

/// The configuration that the host leads to.
async fn routed(db: &Db, domain: &str) -> Answer<Config> {
    let found = configs::by_domain(db, domain).await?;
    let found = found.ok_or_else(|| {
        let text = format!("No TenantConfig found for domain '{domain}'.");
        refused(StatusCode::NOT_FOUND, &text)
    })?;
    Ok(found)
}

/// A refusal in the words of this one path.
fn refused(status: StatusCode, text: &str) -> Problem {
    Problem::body(status, json!({ "error": text }))
}
