//! What a request says: a JSON object in its body and, for GET and DELETE, members in its query, of which
//! those in the body count first (specification, section 1).

use std::marker::PhantomData;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::StatusCode;
use provost_app::{Answer, App};
use provost_drf::describe::{self, GenContext, Operation, OperationInput, Responses};
use provost_drf::{Problem, RawBody, query_pairs};
use serde_json::Value;

use crate::attributes::{self, Attribute, Deed, Object, Table, Values};
use crate::refusal::Errors;

/// What a request does, as a type.
pub(crate) trait Does: Send + Sync + 'static {
    const DEED: Deed;
}

/// It makes something.
pub(crate) struct Create;
/// It changes something.
pub(crate) struct Update;
/// It removes something.
pub(crate) struct Remove;
/// It looks for something.
pub(crate) struct Look;

impl Does for Create {
    const DEED: Deed = Deed::Create;
}

impl Does for Update {
    const DEED: Deed = Deed::Update;
}

impl Does for Remove {
    const DEED: Deed = Deed::Remove;
}

impl Does for Look {
    const DEED: Deed = Deed::Look;
}

/// A request that does `D` and has the members of `T`, received and not looked at: nothing is refused
/// before the caller is known to be allowed to ask.
#[derive(Debug)]
pub(crate) struct Ask<D, T> {
    body: Bytes,
    query: String,
    asks: PhantomData<fn() -> (D, T)>,
}

impl<D: Does, T: Table> FromRequest<App> for Ask<D, T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let RawBody(body) = RawBody::from_request(request, app).await?;
        Ok(Self {
            body,
            query,
            asks: PhantomData,
        })
    }
}

impl<D: Does, T: Table> Ask<D, T> {
    /// Requests that create and update need a body; others may say the same in their query.
    fn needs_body() -> bool {
        matches!(D::DEED, Deed::Create | Deed::Update)
    }

    /// What was sent.
    ///
    /// # Errors
    /// 416 where a body is needed and empty, or where there is one and it is no JSON object.
    pub(crate) fn object(&self) -> Result<Object, Problem> {
        let mut object = if self.body.is_empty() && !Self::needs_body() {
            Object::new()
        } else {
            serde_json::from_slice(&self.body).map_err(|_| no_object())?
        };
        if !Self::needs_body() {
            let pairs = query_pairs(&self.query);
            for attribute in T::attributes() {
                if attribute.of(&object).is_none()
                    && let Some(value) = in_query(attribute, &pairs)
                {
                    object.insert(attribute.name.to_owned(), value);
                }
            }
        }
        Ok(object)
    }

    /// Everything that was sent, found right.
    ///
    /// # Errors
    /// See [`Self::object`]; 400 with all that is wrong.
    pub(crate) fn read(&self) -> Answer<Values> {
        Self::read_in(&self.object()?, &Object::new())
    }

    /// What an object says that was [sent](Self::object), where this is on record already.
    ///
    /// # Errors
    /// 400 with all that is wrong.
    pub(crate) fn read_in(object: &Object, stored: &Object) -> Answer<Values> {
        attributes::read(T::attributes(), D::DEED, object, stored)
    }
}

fn no_object() -> Problem {
    let text = "The body must be a JSON object.";
    Problem::detail(StatusCode::RANGE_NOT_SATISFIABLE, text)
}

/// What a query says to an attribute.
fn in_query(attribute: &Attribute, pairs: &[(String, String)]) -> Option<Value> {
    let texts = |wanted: &str| {
        let named = pairs.iter().filter(|(name, _)| name == wanted);
        named.map(|(_, text)| text.as_str()).collect::<Vec<_>>()
    };
    let mut given = texts(attribute.name);
    if given.is_empty() {
        given = attribute.synonym.map(texts).unwrap_or_default();
    }
    (!given.is_empty()).then(|| attribute.kind.of_query(&given))
}

impl<D: Does, T: Table> OperationInput for Ask<D, T> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let schema = attributes::schema(T::attributes(), D::DEED);
        describe::json_body(operation, schema, Self::needs_body());
        if Self::needs_body() {
            return;
        }
        for attribute in T::attributes() {
            // What is only refused needs no place in a query.
            if let Some(schema) = attribute.schema_for(D::DEED)
                && attribute.is_taken(D::DEED)
            {
                let about = "The same as in the body, which counts first.";
                describe::query_parameter(operation, attribute.name, about, schema);
            }
        }
    }

    fn inferred_early_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        let mut all = describe::problem(context, Some(416), "The body is no JSON object");
        all.extend(describe::problem(
            context,
            Some(413),
            "The body is too large",
        ));
        let text = "What is wrong, each with its number";
        all.extend(describe::json::<Errors>(context, 400, text));
        all
    }
}
