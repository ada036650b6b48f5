//! What every matched view does around its handler, in the reference's order: content negotiation,
//! authentication, handler or guard, method check; then the headers of the answer.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody as _};
use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use tower::{Layer, Service};

use crate::caller::{BoxFuture, Known};
use crate::media::Takes;
use crate::negotiate::negotiate;
use crate::output::Metadata;
use crate::{Authenticate, Dialect, Entrance, Identity, Media, Problem, not_found_page};

/// What is true of one view, worked out when the router is built.
pub(crate) struct Facts {
    pub(crate) name: &'static str,
    /// Methods with a handler of their own, HEAD and OPTIONS included where they are served.
    pub(crate) served: Vec<Method>,
    pub(crate) allow: HeaderValue,
    pub(crate) entrance: Entrance,
    pub(crate) dialect: Dialect,
    /// The media types that bodies may have.
    pub(crate) bodies: &'static [Media],
    /// Whether a path that lacks a parameter is answered in JSON.
    pub(crate) json_not_found: bool,
    /// Whether callers whose account is inactive are refused.
    pub(crate) active_only: bool,
    pub(crate) authenticate: Authenticate,
    pub(crate) precondition: Option<Precondition>,
}

/// What is asked of a request before its caller: no answer of a view, so no header of one.
pub(crate) type Precondition = Arc<dyn Fn(&Parts) -> Result<(), Problem> + Send + Sync>;

/// The layer around a view.
#[derive(Clone)]
pub(crate) struct Gate(pub(crate) Arc<Facts>);

#[derive(Clone)]
pub(crate) struct Gated<S> {
    inner: S,
    facts: Arc<Facts>,
}

impl<S> Layer<S> for Gate {
    type Service = Gated<S>;

    fn layer(&self, inner: S) -> Gated<S> {
        Gated {
            inner,
            facts: Arc::clone(&self.0),
        }
    }
}

impl<S> Service<Request> for Gated<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The service that was polled ready must be the one that is called.
        let fresh = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, fresh);
        let facts = Arc::clone(&self.facts);
        Box::pin(async move { Ok(facts.pass(inner, request).await) })
    }
}

impl Facts {
    async fn pass<S>(&self, inner: S, request: Request) -> Response
    where
        S: Service<Request, Response = Response, Error = Infallible>,
    {
        let (parts, body) = request.into_parts();
        if lacks_a_parameter(&parts) {
            return if self.json_not_found {
                reworded(Problem::not_found().into_response(), self.dialect)
            } else {
                not_found_page().await
            };
        }
        if let Some(precondition) = &self.precondition
            && let Err(problem) = precondition(&parts)
        {
            return problem.into_response();
        }
        let method = parts.method.clone();
        if let Err(problem) = negotiate(&parts, self.dialect) {
            return self.finish(&method, problem.into_response(), None);
        }
        let (parts, mut identity) = (self.authenticate)(parts, self.entrance).await;
        let response = match std::mem::replace(&mut identity.outcome, Ok(None)) {
            Err(problem) => problem.into_response(),
            Ok(caller) => self.serve(inner, parts, body, Known(caller)).await,
        };
        self.finish(&method, response, Some(&identity))
    }

    async fn serve<S>(&self, mut inner: S, mut parts: Parts, body: Body, known: Known) -> Response
    where
        S: Service<Request, Response = Response, Error = Infallible>,
    {
        parts.extensions.insert(known.clone());
        if self.bodies != Media::ALL {
            parts.extensions.insert(Takes(self.bodies));
        }
        let method = parts.method.clone();
        let inactive = known.0.as_ref().is_some_and(|caller| !caller.is_active);
        let mut response = if self.active_only && inactive {
            Problem::denied_because("The account is inactive.").into_response()
        } else {
            match inner.call(Request::from_parts(parts, body)).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        };
        // For outer layers, which log and record who it was.
        if let Known(Some(caller)) = known {
            response.extensions_mut().insert(caller);
        }
        if self.served.contains(&method) || !response.status().is_success() {
            return response;
        }
        // The guard let the request pass, but the view has no handler for it.
        if method == Method::OPTIONS {
            Metadata::of(self.name).taking(self.bodies).into_response()
        } else {
            Problem::method_not_allowed(&method).into_response()
        }
    }

    fn finish(&self, method: &Method, response: Response, identity: Option<&Identity>) -> Response {
        let mut response = response;
        let first_challenges = self
            .entrance
            .schemes
            .first()
            .is_none_or(|scheme| scheme.challenges());
        if response.status() == StatusCode::UNAUTHORIZED && !first_challenges {
            *response.status_mut() = StatusCode::FORBIDDEN;
        }
        response = reworded(response, self.dialect);
        let status = response.status();
        let headers = response.headers_mut();
        if let (StatusCode::UNAUTHORIZED, Some(identity)) = (status, identity) {
            headers.insert(header::WWW_AUTHENTICATE, identity.challenge.clone());
        }
        headers.insert(header::ALLOW, self.allow.clone());
        let by_cookie = identity.is_some_and(|identity| identity.session_consulted);
        let vary = if by_cookie {
            "Accept, Cookie"
        } else {
            "Accept"
        };
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        if *method == Method::HEAD {
            let length = response.body().size_hint().exact();
            *response.body_mut() = Body::empty();
            if let Some(length) = length {
                response
                    .headers_mut()
                    .insert(header::CONTENT_LENGTH, length.into());
            }
        }
        response
    }
}

/// Whether the path has nothing in the place of a parameter. The router takes that for a match; a
/// route with a parameter is one only with a value for it.
fn lacks_a_parameter(parts: &Parts) -> bool {
    let path = parts.uri.path();
    if !path.contains("//") {
        return false;
    }
    let route = parts.extensions.get::<MatchedPath>();
    route.is_some_and(|route| {
        let mut segments = route.as_str().split('/').zip(path.split('/'));
        segments.any(|(named, sent)| named.starts_with('{') && sent.is_empty())
    })
}

/// Render a problem again as a dialect has it, keeping the headers that are not about the body.
pub(crate) fn reworded(mut response: Response, dialect: Dialect) -> Response {
    if dialect == Dialect::Drf {
        return response;
    }
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let again = match dialect {
        Dialect::Details => problem.details(response.status()),
        _ => Some(problem.document(response.status())),
    };
    let Some(mut again) = again else {
        return response;
    };
    // Outer layers look there for the caller.
    again
        .extensions_mut()
        .extend(std::mem::take(response.extensions_mut()));
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            again.headers_mut().append(name, value.clone());
        }
    }
    again
}
