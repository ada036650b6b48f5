//! `health`: whether tenants can be served, and how many there are.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use provost_app::App;
use provost_drf::Json;
use provost_drf::describe::{self, GenContext, Operation, OperationOutput, Responses};
use provost_store::tenants::configs;
use schemars::JsonSchema;
use serde::Serialize;

/// How things are.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantHealth")]
pub struct Health {
    #[schemars(extend("enum" = ["healthy", "unhealthy"]))]
    status: &'static str,
    /// True always: what eox-tenant does, is done here.
    eox_tenant_installed: bool,
    /// How many tenants there are, however they were made.
    tenant_count: u64,
}

impl IntoResponse for Health {
    fn into_response(self) -> Response {
        let status = match self.status {
            "healthy" => StatusCode::OK,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, Json(self)).into_response()
    }
}

impl OperationOutput for Health {
    type Inner = Self;

    fn inferred_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        let mut all = describe::json::<Self>(context, 200, "Healthy");
        all.extend(describe::json::<Self>(
            context,
            503,
            "The database cannot be reached",
        ));
        all
    }
}

/// Whether tenants can be served.
pub async fn health(State(app): State<App>) -> Health {
    let counted = configs::count(app.store().read()).await;
    if let Err(fault) = &counted {
        tracing::error!(error = %fault, "tenants cannot be counted");
    }
    Health {
        status: if counted.is_ok() {
            "healthy"
        } else {
            "unhealthy"
        },
        eox_tenant_installed: true,
        tenant_count: counted.unwrap_or_default(),
    }
}
