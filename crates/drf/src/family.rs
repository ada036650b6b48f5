//! The route table of an API family, which keeps a record of itself.

use std::sync::Arc;

use axum::Router;
use http::Method;
use http::request::Parts;

use crate::describe::Describe;
use crate::gate::Precondition;
use crate::view::Common;
use crate::{Authenticate, Entrance, Media, Problem, Scheme, View};

/// How a family words what is not a success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// The reference's bodies: `{"detail": …}` and field errors.
    #[default]
    Drf,
    /// RFC 9457: `application/problem+json`.
    Problems,
    /// `{"details": …}` where the reference says `{"detail": …}`, as APIO does.
    Details,
}

/// One API family: everything under one base path.
pub struct Family<S> {
    pub(crate) base: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) description: &'static str,
    pub(crate) entrance: Entrance,
    pub(crate) dialect: Dialect,
    pub(crate) bodies: &'static [Media],
    pub(crate) json_not_found: bool,
    active_only: bool,
    precondition: Option<Check<S>>,
    slash: Ending,
    operations: Vec<Operation>,
    views: Vec<(String, View<S>)>,
}

/// What the slash at the end of a path means to a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// Paths are as the route table writes them; what a missing slash means is the settings' to say.
    Exact,
    /// See [`Family::forgives_slash`].
    Forgiven,
    /// See [`Family::optional_slash`].
    Optional,
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

impl<S: Clone + Send + Sync + 'static> Family<S> {
    /// A family under `base` (both ends slashed), named `tag` in the document. Callers come by JWT
    /// or session unless [`schemes`](Self::schemes) says otherwise.
    #[must_use]
    pub fn at(base: &'static str, tag: &'static str, description: &'static str) -> Self {
        Self {
            base,
            tag,
            description,
            entrance: Entrance::by(&[Scheme::Jwt, Scheme::Session]),
            dialect: Dialect::default(),
            bodies: &Media::ALL,
            json_not_found: false,
            active_only: false,
            precondition: None,
            slash: Ending::Exact,
            operations: Vec::new(),
            views: Vec::new(),
        }
    }

    /// The schemes callers may use, in the order they are tried. The first decides whether missing
    /// credentials are a 401 with its challenge or, having none, a 403.
    #[must_use]
    pub fn schemes(mut self, schemes: &'static [Scheme]) -> Self {
        self.entrance.schemes = schemes;
        self
    }

    /// Let in only accounts that exist and are active, and say so to others; see
    /// [`Entrance::strict`].
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.entrance.strict = true;
        self
    }

    /// The media types that bodies may have, all unless this says otherwise; whoever sends another
    /// one is answered 415 when the body is read.
    #[must_use]
    pub fn bodies(mut self, bodies: &'static [Media]) -> Self {
        self.bodies = bodies;
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
        self.slash = Ending::Forgiven;
        self
    }

    /// Whether the family [forgives](Self::forgives_slash) a missing slash.
    #[must_use]
    pub fn is_forgiving(&self) -> bool {
        self.slash == Ending::Forgiven
    }

    /// Every path is served with and without one trailing slash, for every method and without a
    /// redirect. The document has it as the route table writes it.
    #[must_use]
    pub fn optional_slash(mut self) -> Self {
        self.slash = Ending::Optional;
        self
    }

    /// An unknown path below the base is answered in JSON instead of by a page: by this family
    /// where a parameter is missing in a path of its own, and by the outermost router's fallback,
    /// which has [`JsonBases`](crate::JsonBases) for it, everywhere else.
    #[must_use]
    pub fn json_not_found(mut self) -> Self {
        self.json_not_found = true;
        self
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
            entrance: self.entrance,
            dialect: self.dialect,
            bodies: self.bodies,
            json_not_found: self.json_not_found,
            active_only: self.active_only,
            precondition: self.precondition.map(|check| {
                let state = state.clone();
                Arc::new(move |parts: &Parts| check(&state, parts)) as Precondition
            }),
        };
        let mut router = Router::new();
        for (path, view) in self.views {
            let view = view.into_router(&common, Arc::clone(authenticate));
            if self.slash == Ending::Optional {
                router = router.route(&with_the_other_slash(&path), view.clone());
            }
            router = router.route(&path, view);
        }
        router
    }
}

/// The path with a trailing slash if it has none, and without it if it has one.
fn with_the_other_slash(path: &str) -> String {
    match path.strip_suffix('/') {
        Some(bare) => bare.to_owned(),
        None => format!("{path}/"),
    }
}
