//! `tenants/sync`: how the connector stands.

use axum::extract::State;
use provost_app::{Answer, App, Staff};
use provost_drf::{Json, Permitted};

use crate::connector::{self, Status};

/// How far the LMS was told of tenants, what waits, and what it refused.
pub async fn status(State(app): State<App>, _staff: Permitted<Staff>) -> Answer<Json<Status>> {
    Ok(Json(connector::status(&app).await?))
}
