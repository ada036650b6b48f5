//! Paths that are no route: the reference's page, and what a wrong slash means.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};

use crate::gate::reworded;
use crate::{Dialect, Family, Problem};

/// What a missing trailing slash means, when only the slashed path is a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Slash {
    /// Nothing: the path is not found.
    #[default]
    NotFound,
    /// A redirect to the slashed path for GET and HEAD. A method with a body cannot be repeated by
    /// a redirect, so the others are told where the slash is missing.
    Redirect,
}

const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Not Found</title>\n</head>\n\
    <body>\n  <h1>Not Found</h1><p>The requested resource was not found on this server.</p>\n\
    </body>\n</html>\n";

/// The fallback handler of every router: a 404 page, as HTML.
pub async fn not_found_page() -> Response {
    html(PAGE.to_owned())
}

fn html(page: String) -> Response {
    let media = HeaderValue::from_static("text/html; charset=utf-8");
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, media)], page).into_response()
}

impl Slash {
    /// Answer a request that matched no route; `is_route` says whether a path is one.
    ///
    /// Meant for the fallback of the outermost router.
    pub fn answer(self, request: &Request, is_route: impl Fn(&str) -> bool) -> Response {
        let path = request.uri().path();
        let slashed = format!("{path}/");
        if self == Self::NotFound || path.ends_with('/') || !is_route(&slashed) {
            return html(PAGE.to_owned());
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return html(format!(
                "<h1>Not Found</h1><p>This address ends with a slash: send {} requests there.</p>\n",
                request.method()
            ));
        }
        redirect(&slashed, request.uri().query())
    }
}

/// The bases of the families that answer unknown paths [in JSON](Family::json_not_found).
#[derive(Clone, Debug, Default)]
pub struct JsonBases(Vec<(&'static str, Dialect)>);

impl JsonBases {
    /// Those of `families`.
    pub fn of<'a, S: Clone + Send + Sync + 'static>(
        families: impl IntoIterator<Item = &'a Family<S>>,
    ) -> Self {
        let families = families.into_iter();
        let asked = families.filter(|family| family.json_not_found);
        Self(asked.map(|family| (family.base, family.dialect)).collect())
    }

    /// How the family words problems whose base a path is below; others as most families do.
    #[must_use]
    pub fn dialect(&self, path: &str) -> Dialect {
        let found = self.0.iter().find(|(base, _)| path.starts_with(base));
        found.map_or(Dialect::Drf, |(_, dialect)| *dialect)
    }

    /// The answer to a request for `path` that matched no route: a 404 below one of the bases as
    /// `{"detail": "Not found."}`, in the family's dialect, and `response` as it is otherwise.
    ///
    /// Meant for what [`Slash::answer`] gives, in the fallback of the outermost router.
    #[must_use]
    pub fn reword(&self, path: &str, response: Response) -> Response {
        let mut bases = self.0.iter();
        match bases.find(|(base, _)| path.starts_with(base)) {
            Some((_, dialect)) if response.status() == StatusCode::NOT_FOUND => {
                reworded(Problem::not_found().into_response(), *dialect)
            }
            _ => response,
        }
    }
}

/// The same request at another path. Where there was no address to be made of it, it stays as it is.
#[must_use]
pub fn at_path(mut request: Request, path: &str) -> Request {
    let mut parts = request.uri().clone().into_parts();
    let target = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    parts.path_and_query = target.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

fn redirect(path: &str, query: Option<&str>) -> Response {
    // Two leading slashes would name another host.
    let path = format!("/{}", path.trim_start_matches('/'));
    let address = match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    match HeaderValue::try_from(address) {
        Ok(address) => {
            (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, address)]).into_response()
        }
        Err(_) => html(PAGE.to_owned()),
    }
}

/// Which paths are routes: the templates of a route table, matched segment by segment.
#[derive(Clone, Debug, Default)]
pub struct Routes(Vec<Vec<Option<String>>>);

impl Routes {
    /// From path templates such as `/api/users/{name}/`.
    pub fn new<'a>(templates: impl IntoIterator<Item = &'a str>) -> Self {
        let segment = |text: &str| (!text.starts_with('{')).then(|| text.to_owned());
        Self(
            templates
                .into_iter()
                .map(|path| path.split('/').map(segment).collect())
                .collect(),
        )
    }

    /// Whether some template matches `path`.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        let segments: Vec<&str> = path.split('/').collect();
        self.0.iter().any(|route| {
            route.len() == segments.len()
                && route
                    .iter()
                    .zip(&segments)
                    .all(|(template, segment)| match template {
                        Some(text) => text == segment,
                        None => !segment.is_empty(),
                    })
        })
    }
}
