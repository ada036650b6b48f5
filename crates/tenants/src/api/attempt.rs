//! Attempts, which the audit log keeps.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use provost_app::App;
use provost_app::identity::credentials::Credentials;
use provost_drf::describe::OperationInput;
use provost_drf::{Caller, Problem};
use provost_store::tenants::log::{self, NewRow};
use provost_store::{Fault, Tx};
use serde_json::{Value, json};

use super::answer;

/// Characters of a name that the audit log keeps.
const LONGEST: usize = 255;

/// Where a request came from, as far as that is known.
pub struct Peer(Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Credentials::of(parts).address()))
    }
}

impl OperationInput for Peer {}

/// Somebody who may tries to make or to remove a tenant.
pub(super) struct Attempt {
    action: &'static str,
    pub(super) tenant_name: String,
    /// What was asked for, without anything secret.
    pub(super) request: Value,
    performed_by: String,
    peer: Peer,
}

impl Attempt {
    pub(super) fn new(action: &'static str, caller: &Caller, peer: Peer) -> Self {
        Self {
            action,
            tenant_name: String::new(),
            request: json!({}),
            performed_by: caller.username.to_string(),
            peer,
        }
    }

    /// Puts a success on record, in the transaction of what was done.
    pub(super) async fn succeeded(
        &self,
        app: &App,
        tx: &Tx,
        tenant: i64,
        status: u16,
    ) -> Result<(), Fault> {
        log::append(
            tx,
            &self.row(Some(tenant), status, String::new()),
            app.now(),
        )
        .await
    }

    /// Puts on record that an earlier success was answered again, and nothing was done.
    pub(super) async fn replayed(
        &self,
        app: &App,
        tx: &Tx,
        tenant: i64,
        status: u16,
    ) -> Result<(), Fault> {
        let text = "Answered as an earlier request with the same Idempotency-Key.";
        let row = self.row(Some(tenant), status, text.to_owned());
        log::append(tx, &row, app.now()).await
    }

    /// What became of it; a failure is put on record, in a transaction of its own.
    pub(super) async fn finish<T>(self, app: &App, came: Result<T, Problem>) -> Result<T, Problem> {
        let problem = match came {
            Ok(done) => return Ok(done),
            Err(problem) => problem,
        };
        let row = self.row(None, problem.status().as_u16(), answer::message(&problem));
        if let Err(fault) = record(app, &row).await {
            // The answer stands, whether or not it could be written down.
            tracing::error!(error = %fault, "a failed attempt could not be recorded");
        }
        Err(problem)
    }

    fn row(&self, tenant: Option<i64>, status: u16, error_message: String) -> NewRow {
        NewRow {
            action: self.action.to_owned(),
            status: if tenant.is_some() {
                "success"
            } else {
                "failed"
            }
            .to_owned(),
            tenant_name: self.tenant_name.chars().take(LONGEST).collect(),
            tenant_id: tenant,
            performed_by: self.performed_by.clone(),
            request_data: self.request.clone(),
            response_status: status,
            error_message,
            ip_address: self.peer.0.map(|address| address.to_string()),
        }
    }
}

async fn record(app: &App, row: &NewRow) -> Result<(), Fault> {
    let tx = app.store().begin().await?;
    log::append(&tx, row, app.now()).await?;
    app.commit(tx, &[]).await
}
