//! What one path serves: its methods, and what happens to those it lacks.

use std::sync::Arc;

use aide::operation::OperationHandler;
use aide::{OperationInput, OperationOutput};
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};
use http::{HeaderValue, Method};

use crate::describe;
use crate::gate::{Facts, Gate, Precondition};
use crate::{Authenticate, Caller, Dialect, Entrance, Media, Operation};

/// What one path serves. Methods without a handler go through the guard and end as 405.
#[must_use]
pub struct View<S> {
    name: Option<&'static str>,
    pub(crate) methods: Vec<Operation>,
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

    pub(crate) fn into_router(
        self,
        family: &Common,
        authenticate: Authenticate,
    ) -> MethodRouter<S> {
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
            entrance: family.entrance,
            dialect: family.dialect,
            bodies: family.bodies,
            json_not_found: family.json_not_found,
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
pub(crate) struct Common {
    pub(crate) entrance: Entrance,
    pub(crate) dialect: Dialect,
    pub(crate) bodies: &'static [Media],
    pub(crate) json_not_found: bool,
    pub(crate) active_only: bool,
    pub(crate) precondition: Option<Precondition>,
}
