//! `eox-info`: which version of eox-tenant clients may take this for.

use provost_drf::Json;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of eox-tenant whose API this is.
const VERSION: &str = "14.3.0";

/// What this is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EoxInfo")]
pub struct Info {
    /// The version of eox-tenant whose API this is.
    version: &'static str,
    #[schemars(extend("const" = "eox-tenant"))]
    name: &'static str,
    /// The commit that this program was built from; empty where the build did not say.
    git: &'static str,
}

/// Name and version.
pub async fn retrieve() -> Json<Info> {
    Json(Info {
        version: VERSION,
        name: "eox-tenant",
        git: option_env!("PROVOST_COMMIT").unwrap_or_default(),
    })
}
