//! The joint between the edges: what a fault of the store means to a client.

use axum::response::{IntoResponse, Response};
use provost_drf::describe::{GenContext, Operation, OperationOutput, Responses};
use provost_drf::{Invalid, Problem};
use provost_store::Fault;

/// What a handler answers: a value, or a problem.
pub type Answer<T> = Result<T, Error>;

/// A [`Problem`] that a [`Fault`] can become.
///
/// It exists because the two edges do not know each other, and `From<Fault> for Problem`
/// can be written in neither.
#[derive(Debug)]
pub struct Error(pub Problem);

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self(Problem::from(invalid))
    }
}

impl From<Fault> for Error {
    /// A database that is busy or away is the client's to try again, and a null character, which no stored text
    /// may contain, is the client's to leave out. Whatever else reaches this point is a fault of
    /// ours, logged with its cause and answered without it.
    fn from(fault: Fault) -> Self {
        Self(match fault {
            Fault::Busy => Problem::unavailable("The database is busy. Try again."),
            Fault::NullCharacter => Problem::malformed("Null characters are not allowed."),
            Fault::Unreachable(_) => {
                tracing::error!(error = %fault, "no answer from the database");
                Problem::unavailable("The database cannot be reached. Try again.")
            }
            other => Problem::internal(other),
        })
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl OperationOutput for Error {
    type Inner = Self;

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        Problem::inferred_responses(context, operation)
    }
}
