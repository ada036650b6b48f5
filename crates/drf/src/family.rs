//! The route table of an API family, which keeps a record of itself.

use std::sync::Arc;

use aide::operation::OperationHandler;
use aide::{OperationInput, OperationOutput};
use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};
use http::request::Parts;
use http::{HeaderValue, Method};

use crate::describe::{self, Describe};
use crate::gate::{Facts, Gate, Precondition};
use crate::{Authenticate, Caller, Problem, Scheme};

/// How a family words what is not a success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// The reference's bodies: `{"detail": …}` and field errors.
    #[default]
    Drf,
    /// RFC 9457: `application/problem+json`.
    Problems,
}

/// One API family: everything under one base path.
pub struct Family<S> {
    pub(crate) base: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) description: &'static str,
    pub(crate) schemes: &'static [Scheme],
    pub(crate) dialect: Dialect,
    active_only: bool,
    precondition: Option<Check<S>>,
    forgives_slash: bool,
    operations: Vec<Operation>,
    views: Vec<(String, View<S>)>,
}

/// What a family asks of a request, given the state and the request's head.
type Check<S> = fn(&S, &Parts) -> Result<(), Problem>;

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The HTTP method.
    pub method: Method,
    /// The full path, with `{parameters}`.
    pub path: String,
    /// The handler's own path, `provost_authz::members::assign` as `authz_members_assign`.
    pub id: String,
    /// One line for the document.
    pub summary: &'static str,
    pub(crate) describe: Describe,
}

/// What one path serves. Methods without a handler go through the guard and end as 405.
#[must_use]
pub struct View<S> {
    name: Option<&'static str>,
    methods: Vec<Operation>,
    serves_options: bool,
    router: MethodRouter<S>,
}

impl<S: Clone + Send + Sync + 'static> Default for View<S> {
    fn default() -> Self {
        Self::new()
    }
}

async fn needs_a_caller(_: Caller) {}

impl<S: Clone + Send + Sync + 'static> View<S> {
    /// A view without methods, guarded by the need for a caller.
    pub fn new() -> Self {
        Self {
            name: None,
            methods: Vec::new(),
            serves_options: false,
            router: MethodRouter::new().fallback(needs_a_caller),
        }
    }

    /// Serve GET, and HEAD without the body.
    pub fn get<H, I, O, T>(self, handler: H, summary: &'static str) -> Self
    where
        H: Handler<T, S> + OperationHandler<I, O>,
        I: OperationInput,
        O: OperationOutput,
        T: 'static,
    {
        self.method(Method::GET, MethodFilter::GET, handler, summary)
    }

    /// Serve POST.
    pub fn post<H, I, O, T>(self, handler: H, summary: &'static str) -> Self
    where
        H: Handler<T, S> + OperationHandler<I, O>,
        I: OperationInput,
        O: OperationOutput,
        T: 'static,
    {
        self.method(Method::POST, MethodFilter::POST, handler, summary)
    }

    /// Serve PUT.
    pub fn put<H, I, O, T>(self, handler: H, summary: &'static str) -> Self
    where
        H: Handler<T, S> + OperationHandler<I, O>,
        I: OperationInput,
        O: OperationOutput,
        T: 'static,
    {
        self.method(Method::PUT, MethodFilter::PUT, handler, summary)
    }

    /// Serve PATCH.
    pub fn patch<H, I, O, T>(self, handler: H, summary: &'static str) -> Self
    where
        H: Handler<T, S> + OperationHandler<I, O>,
        I: OperationInput,
        O: OperationOutput,
        T: 'static,
    {
        self.method(Method::PATCH, MethodFilter::PATCH, handler, summary)
    }

    /// Serve DELETE.
    pub fn delete<H, I, O, T>(self, handler: H, summary: &'static str) -> Self
    where
        H: Handler<T, S> + OperationHandler<I, O>,
        I: OperationInput,
        O: OperationOutput,
        T: 'static,
    {
        self.method(Method::DELETE, MethodFilter::DELETE, handler, summary)
    }

    /// The view's name in its OPTIONS answer; without one, the first summary.
    pub fn name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Answer OPTIONS by a handler instead of the standard metadata.
    pub fn options<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.router = self.router.on(MethodFilter::OPTIONS, handler);
        self.serves_options = true;
        self
    }

    /// Run `handler` for OPTIONS and for methods the view lacks, after authentication. A success
    /// means "go on", to the metadata or the 405; any other answer is the answer.
    pub fn guard<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.router = self.router.fallback(handler);
        self
    }

    fn method<H, I, O, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        handler: H,
        summary: &'static str,
    ) -> Self
    where
        H: Handler<T, S> + OperationHandler<I, O>,
        I: OperationInput,
        O: OperationOutput,
        T: 'static,
    {
        self.methods.push(Operation {
            method,
            path: String::new(),
            id: describe::operation_id(std::any::type_name::<H>()),
            summary,
            describe: describe::operation::<I, O>,
        });
        self.router = self.router.on(filter, handler);
        self
    }

    fn into_router(self, family: &Common, authenticate: Authenticate) -> MethodRouter<S> {
        let first_summary = self.methods.first().map(|operation| operation.summary);
        let mut served: Vec<Method> = IN_ORDER
            .into_iter()
            .filter(|method| {
                self.methods
                    .iter()
                    .any(|operation| operation.method == *method)
            })
            .collect();
        if served.contains(&Method::GET) {
            served.push(Method::HEAD);
        }
        let mut allow: Vec<&str> = served.iter().map(Method::as_str).collect();
        allow.push(Method::OPTIONS.as_str());
        let allow = HeaderValue::try_from(allow.join(", "));
        if self.serves_options {
            served.push(Method::OPTIONS);
        }
        let facts = Facts {
            name: self.name.or(first_summary).unwrap_or_default(),
            served,
            allow: allow.unwrap_or_else(|_| HeaderValue::from_static("OPTIONS")),
            schemes: family.schemes,
            dialect: family.dialect,
            active_only: family.active_only,
            authenticate,
            precondition: family.precondition.clone(),
        };
        self.router.layer(Gate(Arc::new(facts)))
    }
}

/// The order methods are named in `Allow`.
const IN_ORDER: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// What a view takes over from its family.
struct Common {
    schemes: &'static [Scheme],
    dialect: Dialect,
    active_only: bool,
    precondition: Option<Precondition>,
}

impl<S: Clone + Send + Sync + 'static> Family<S> {
    /// A family under `base` (both ends slashed), named `tag` in the document. Callers come by JWT
    /// or session unless [`schemes`](Self::schemes) says otherwise.
    #[must_use]
    pub fn at(base: &'static str, tag: &'static str, description: &'static str) -> Self {
        Self {
            base,
            tag,
            description,
            schemes: &[Scheme::Jwt, Scheme::Session],
            dialect: Dialect::default(),
            active_only: false,
            precondition: None,
            forgives_slash: false,
            operations: Vec::new(),
            views: Vec::new(),
        }
    }

    /// The schemes callers may use, in the order they are tried. The first decides whether missing
    /// credentials are a 401 with its challenge or, having none, a 403.
    #[must_use]
    pub fn schemes(mut self, schemes: &'static [Scheme]) -> Self {
        self.schemes = schemes;
        self
    }

    /// How problems are worded.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Refuse callers whose account is inactive, with a 403, whatever else they may.
    #[must_use]
    pub fn active_only(mut self) -> Self {
        self.active_only = true;
        self
    }

    /// Ask this of every request before anything else, even before who sends it; a problem is the
    /// whole answer.
    #[must_use]
    pub fn precondition(mut self, check: Check<S>) -> Self {
        self.precondition = Some(check);
        self
    }

    /// A path that lacks its final slash is redirected for GET and HEAD and served as if it had
    /// one for methods with a body, whatever the settings say of other families.
    #[must_use]
    pub fn forgives_slash(mut self) -> Self {
        self.forgives_slash = true;
        self
    }

    /// Whether the family [forgives](Self::forgives_slash) a missing slash.
    #[must_use]
    pub fn is_forgiving(&self) -> bool {
        self.forgives_slash
    }

    /// Serve `view` at `path`, relative to the base and exactly as on the wire.
    #[must_use]
    pub fn view(mut self, path: &'static str, view: View<S>) -> Self {
        let path = format!("{}{path}", self.base);
        self.operations
            .extend(view.methods.iter().map(|operation| Operation {
                path: path.clone(),
                ..operation.clone()
            }));
        self.views.push((path, view));
        self
    }

    /// The base path.
    #[must_use]
    pub fn base(&self) -> &'static str {
        self.base
    }

    /// Every operation of the family, in the order of the route table.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The routes, each behind its precondition, negotiation and `authenticate`.
    pub fn into_router(self, state: &S, authenticate: &Authenticate) -> Router<S> {
        let common = Common {
            schemes: self.schemes,
            dialect: self.dialect,
            active_only: self.active_only,
            precondition: self.precondition.map(|check| {
                let state = state.clone();
                Arc::new(move |parts: &Parts| check(&state, parts)) as Precondition
            }),
        };
        self.views
            .into_iter()
            .fold(Router::new(), |router, (path, view)| {
                router.route(&path, view.into_router(&common, Arc::clone(authenticate)))
            })
    }
}
