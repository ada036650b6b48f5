//! Permissions as arguments: a handler that has one cannot forget to ask.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::describe::{self, GenContext, Operation, OperationInput, Responses};
use crate::{Caller, Problem, form};

/// What a family asks of a caller, given the state and the head of the request.
pub trait Permission<S> {
    /// Passes, or says why not.
    ///
    /// # Errors
    /// The answer to whoever lacks the permission, usually [`Problem::denied`].
    fn check(state: &S, caller: &Caller, parts: &Parts) -> Result<(), Problem>;
}

/// A caller who has the permission `P`. As a handler's argument: 401 without a caller, and what
/// `P` says without the permission; arguments after it are not looked at before that.
#[derive(Clone, Debug)]
pub struct Permitted<P> {
    caller: Caller,
    permission: PhantomData<fn() -> P>,
}

impl<P> Deref for Permitted<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<S: Send + Sync, P: Permission<S>> FromRequestParts<S> for Permitted<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        P::check(state, &caller, parts)?;
        Ok(Self {
            caller,
            permission: PhantomData,
        })
    }
}

impl<P> OperationInput for Permitted<P> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        Caller::operation_input(context, operation);
    }

    fn inferred_early_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        let mut responses = Caller::inferred_early_responses(context, operation);
        responses.extend(describe::problem(context, Some(403), "The caller may not"));
        responses
    }
}

/// Names and values of all parameters of a query, in their order.
#[must_use]
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    let owned = form::pairs(query.as_bytes())
        .into_iter()
        .map(|(name, value)| (name.into_owned(), value.into_owned()));
    owned.collect()
}

/// The last value of a query parameter, as it was sent; nothing where it is absent or empty.
#[must_use]
pub fn query_value(parts: &Parts, name: &str) -> Option<String> {
    let pairs = form::pairs(parts.uri.query()?.as_bytes());
    form::last(&pairs, name)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}
