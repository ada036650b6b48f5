//! Families as routes of one application: authentication in front, refused writes on record.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use http::StatusCode;
use provost_drf::{Authenticate, Caller, Family};
use provost_store::Fault;
use provost_store::changes::{Entry, Outcome};
use serde_json::json;

use crate::{App, Author, identity, kind};

/// Characters of a query that are kept of a refused write.
const MOST: usize = 500;

/// The routes of `families`, answered by `app`.
pub fn mount(families: Vec<Family<App>>, app: &App) -> Router {
    let authenticate: Authenticate = {
        let app = app.clone();
        Arc::new(move |parts, entrance| {
            let app = app.clone();
            Box::pin(async move {
                let identity = identity::authenticate(&app, &parts, entrance).await;
                (parts, identity)
            })
        })
    };
    families
        .into_iter()
        .fold(Router::new(), |router, family| {
            router.merge(family.into_router(app, &authenticate))
        })
        .layer(middleware::from_fn_with_state(app.clone(), record_denied))
        .with_state(app.clone())
}

/// Puts a write that was refused for want of permission into the change log.
async fn record_denied(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let response = next.run(request).await;
    if response.status() == StatusCode::FORBIDDEN
        && let Some(caller) = response.extensions().get::<Caller>()
    {
        let query = uri.query().map(shortened);
        let entry = Entry {
            outcome: Outcome::Denied,
            after: Some(json!({"method": method.as_str(), "query": query})),
            ..Author::from(caller).entry(kind::DENIED, uri.path())
        };
        if let Err(fault) = record(&app, entry).await {
            // The refusal stands, whether or not it could be written down.
            tracing::error!(error = %fault, "a refused write could not be recorded");
        }
    }
    response
}

/// The beginning of a query. What is refused is kept for ever, and anybody may send a long one.
fn shortened(query: &str) -> String {
    query.chars().take(MOST).collect()
}

async fn record(app: &App, entry: Entry) -> Result<(), Fault> {
    let tx = app.store().begin().await?;
    app.commit(tx, &[entry]).await
}
