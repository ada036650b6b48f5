//! What the program answers: the families' routes, merged, and the document of them.

use axum::Router;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::response::Html;
use axum::routing::get;
use provost_app::{App, mount};
use provost_drf::{Family, Routes, Slash};
use serde_json::Value;

/// Where the document is served.
const DOCUMENT: &str = "/api/openapi.json";
/// Where the page to read it with is served.
const PAGE: &str = "/api/docs/";

/// Every family, in the order of the document.
#[must_use]
pub fn families() -> Vec<Family<App>> {
    let mut families = vec![provost_authz::family(), provost_authz::decisions()];
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
    let paths: Vec<String> = families
        .iter()
        .flat_map(|family| {
            family
                .operations()
                .iter()
                .map(|operation| operation.path.clone())
        })
        .collect();
    let known = Routes::new(paths.iter().map(String::as_str));
    mount(families, app)
        .fallback(async move |request: Request| slash.answer(&request, |path| known.contains(path)))
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
