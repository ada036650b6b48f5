//! `logs`: who made and removed which tenant, or tried to.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Admin, Answer, App};
use provost_drf::{
    Choice, Integer, Invalid, Json, LimitOffset, Optional, Page, Permitted, Problem, Query, Text,
    Time,
};
use provost_store::tenants::log::{self, Filter};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::answer;

/// Pages of twenty, a hundred at most.
type Window = LimitOffset<20, 100>;

/// What was tried.
#[derive(Clone, Copy, Debug, Deserr, JsonSchema)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[schemars(rename_all = "lowercase", rename = "TenantAction")]
pub enum Action {
    /// To make a tenant.
    Create,
    /// To remove one.
    Delete,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Deserr, JsonSchema)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[schemars(rename_all = "lowercase", rename = "TenantAttemptStatus")]
pub enum Status {
    /// It was done.
    Success,
    /// It was not.
    Failed,
}

/// Which attempts to show; all that are given must hold.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Search {
    /// Exactly this name, as it was sent.
    #[deserr(default)]
    tenant_name: Optional<Text<255>>,
    #[deserr(default)]
    action: Optional<Choice<Action>>,
    #[deserr(default)]
    status: Optional<Choice<Status>>,
    /// Exactly this username.
    #[deserr(default)]
    performed_by: Optional<Text<255>>,
    /// At this time or later.
    #[deserr(default)]
    since: Optional<Time>,
    /// Before this time.
    #[deserr(default)]
    until: Optional<Time>,
    /// At most this many, and never more than 100.
    #[deserr(default)]
    #[expect(
        dead_code,
        reason = "the window reads it; here it is a number or refused"
    )]
    limit: Optional<Integer<1>>,
    /// Without this many at the beginning.
    #[deserr(default)]
    #[expect(
        dead_code,
        reason = "the window reads it; here it is a number or refused"
    )]
    offset: Optional<Integer<0>>,
}

impl From<Search> for Filter {
    fn from(search: Search) -> Self {
        Self {
            tenant_name: search.tenant_name.0.map(Text::into_string),
            action: search.action.0.map(|action| match action.0 {
                Action::Create => "create".to_owned(),
                Action::Delete => "delete".to_owned(),
            }),
            status: search.status.0.map(|status| match status.0 {
                Status::Success => "success".to_owned(),
                Status::Failed => "failed".to_owned(),
            }),
            performed_by: search.performed_by.0.map(Text::into_string),
            since: search.since.0.map(|time| time.0),
            until: search.until.0.map(|time| time.0),
        }
    }
}

/// An attempt.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantAttempt")]
pub struct Attempt {
    id: i64,
    #[schemars(extend("enum" = ["create", "delete"]))]
    action: String,
    #[schemars(extend("enum" = ["success", "failed"]))]
    status: String,
    /// As it was sent, at most 255 characters of it.
    tenant_name: String,
    tenant_id: Option<i64>,
    performed_by: String,
    /// The members of the request that count.
    request_data: Value,
    response_status: i64,
    error_message: String,
    ip_address: Option<String>,
    created_at: Time,
}

impl From<log::Row> for Attempt {
    fn from(row: log::Row) -> Self {
        Self {
            id: row.id,
            action: row.action,
            status: row.status,
            tenant_name: row.tenant_name,
            tenant_id: row.tenant_id,
            performed_by: row.performed_by,
            request_data: row.request_data,
            response_status: row.response_status,
            error_message: row.error_message,
            ip_address: row.ip_address,
            created_at: row.created_at.into(),
        }
    }
}

/// Attempts, newest first.
pub async fn list(
    State(app): State<App>,
    _admin: Permitted<Admin>,
    window: Window,
    search: Result<Query<Search>, Problem>,
) -> Answer<Json<Page<Attempt>>> {
    let Query(search) = answer::checked(search)?;
    let found = log::page(app.store().read(), &search.into(), &window.ask()).await;
    let slice = found.map_err(answer::fault)?;
    Ok(Json(window.page(slice.map(Attempt::from))))
}
