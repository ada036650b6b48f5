//! The base: where the collections are.

use provost_drf::Json;
use provost_drf::absolute::Origin;
use schemars::JsonSchema;
use serde::Serialize;

use super::BASE;

/// The addresses of the collections.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EoxTenantRoot")]
pub struct Collections {
    microsites: String,
    configs: String,
    routes: String,
}

/// Where the collections are. Everybody may know.
pub async fn retrieve(origin: Origin) -> Json<Collections> {
    let url = |collection: &str| origin.url(&format!("{BASE}{collection}/"));
    Json(Collections {
        microsites: url("microsites"),
        configs: url("configs"),
        routes: url("routes"),
    })
}
