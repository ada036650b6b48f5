//! What the program answers: the families' routes, merged, and the document of them.

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::response::Html;
use axum::routing::get;
use provost_app::{App, mount};
use provost_drf::{Family, JsonBases, Routes, Slash, at_path};
use serde_json::Value;
use tower::ServiceExt;

/// Where the document is served.
const DOCUMENT: &str = "/api/openapi.json";
/// Where the page to read it with is served.
const PAGE: &str = "/api/docs/";

/// Every family, in the order of the document.
#[must_use]
pub fn families() -> Vec<Family<App>> {
    let mut families = vec![
        provost_authz::family(),
        provost_authz::decisions(),
        provost_groups::family(),
        provost_groups::administration(),
        provost_groups::internal(),
        provost_groups::decisions(),
        provost_tenants::family(),
        provost_tenants::health(),
        provost_tenants::eox_tenant(),
        provost_tenants::info(),
        provost_tenants::mfe_config(),
        provost_tenants::administration(),
        provost_tenants::known_host(),
        provost_profiles::family(),
        provost_profiles::administration(),
    ];
    families.extend(provost_platform::families());
    families
}

/// The OpenAPI document of every family.
///
/// # Errors
/// Two operations that cannot be told apart.
pub fn document() -> anyhow::Result<Value> {
    let families = families();
    let families: Vec<_> = families.iter().collect();
    provost_drf::document("provost", env!("CARGO_PKG_VERSION"), &families)
        .map_err(|problem| anyhow::anyhow!("the document cannot be written: {problem:?}"))
}

/// The routes of every family, answered by `app`, with what a missing slash means to them.
pub fn routes(app: &App, slash: Slash) -> Router {
    let families = families();
    let known = paths(families.iter());
    let json = JsonBases::of(families.iter());
    let prefix = app.settings().course_access.prefix.clone();
    let forgiven = paths(families.iter().filter(|family| family.is_forgiving()));
    let router = mount(families, app);
    let served = router.clone();
    router.fallback(async move |request: Request| {
        let path = provost_groups::path_under(&prefix, request.uri().path());
        let slashed = format!("{path}/");
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let path = if let Some(path) = provost_tenants::path_without_suffix(&path) {
            path
        } else if forgiven.contains(&path) {
            path
        } else if !forgiven.contains(&slashed) {
            let answer = slash.answer(&request, |path| known.contains(path));
            return json.reword(&path, answer);
        } else if is_read {
            return Slash::Redirect.answer(&request, |_| true);
        } else {
            slashed
        };
        match served.oneshot(at_path(request, &path)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    })
}

/// The paths that some families serve.
fn paths<'a>(families: impl Iterator<Item = &'a Family<App>>) -> Routes {
    let operations = families.flat_map(Family::operations);
    Routes::new(operations.map(|operation| operation.path.as_str()))
}

/// The document and the page to read it with.
///
/// # Errors
/// As [`document`].
pub fn documentation() -> anyhow::Result<Router> {
    let document = document()?.to_string();
    let page = provost_drf::document_page("provost", DOCUMENT);
    let json = [(CONTENT_TYPE, "application/json")];
    Ok(Router::new()
        .route(DOCUMENT, get(move || async move { (json, document) }))
        .route(PAGE, get(move || async move { Html(page) })))
}
