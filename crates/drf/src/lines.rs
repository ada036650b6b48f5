//! Answers of any length: one JSON value a line, sent as they are made.

use std::error::Error;
use std::marker::PhantomData;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::header;
use schemars::JsonSchema;
use serde::Serialize;

use crate::Problem;
use crate::describe::{self, GenContext, Operation, OperationOutput, Responses};

/// The media type of JSON lines.
pub(crate) const MEDIA_TYPE: &str = "application/x-ndjson";

/// 200 with one JSON value on each line. Only one chunk of rows is held at a time.
#[derive(Debug)]
pub struct Lines<T> {
    body: Body,
    rows: PhantomData<fn() -> T>,
}

impl<T: Serialize + 'static> Lines<T> {
    /// Rows in chunks: `next` turns a state into a chunk and the next state, or into nothing at the
    /// end; it is called when the client has taken what came before.
    ///
    /// The status is sent before the first chunk is made. A failure after that is logged, and breaks
    /// the connection off, so that the client does not take a part for the whole.
    pub fn in_chunks<State, Next, Cause>(
        start: State,
        next: impl Fn(State) -> Next + Clone + Send + 'static,
    ) -> Self
    where
        State: Send + 'static,
        Next: Future<Output = Result<Option<(Vec<T>, State)>, Cause>> + Send + 'static,
        Cause: Into<Box<dyn Error + Send + Sync>>,
    {
        let bytes = stream::try_unfold(start, move |state| {
            let chunk = next(state);
            async move {
                let Some((rows, state)) = chunk.await.map_err(logged)? else {
                    return Ok(None);
                };
                Ok::<_, Broken>(Some((encoded(&rows).map_err(logged)?, state)))
            }
        });
        Self {
            body: Body::from_stream(bytes),
            rows: PhantomData,
        }
    }
}

/// Why the rest is missing; the cause is in the log.
#[derive(Debug, thiserror::Error)]
#[error("the answer could not be completed")]
struct Broken;

fn logged(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Broken {
    // Made for its side effect: it logs the cause.
    let _logged = Problem::internal(cause);
    Broken
}

fn encoded<T: Serialize>(rows: &[T]) -> Result<Bytes, serde_json::Error> {
    let mut lines = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut lines, row)?;
        lines.push(b'\n');
    }
    Ok(lines.into())
}

impl<T> IntoResponse for Lines<T> {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, MEDIA_TYPE)], self.body).into_response()
    }
}

impl<T: JsonSchema> OperationOutput for Lines<T> {
    type Inner = T;

    fn inferred_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        let schema = context.schema.subschema_for::<T>();
        let response = describe::response("One of these on each line.", MEDIA_TYPE, schema);
        vec![(Some(describe::StatusCode::Code(200)), response)]
    }
}
