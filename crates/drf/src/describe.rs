//! Small pieces of OpenAPI that extractors and answers describe themselves with.
//!
//! Crates with extractors or error types of their own implement [`OperationInput`] and
//! [`OperationOutput`] through here and never name the generator.

pub use aide::generate::GenContext;
pub use aide::openapi::{Operation, Response, StatusCode};
pub use aide::{OperationInput, OperationOutput};

use aide::openapi::{
    HeaderStyle, MediaType, Parameter, ParameterData, ParameterSchemaOrContent, QueryStyle,
    ReferenceOr, RequestBody, SchemaObject,
};
use schemars::{JsonSchema, Schema};

/// Writes down one operation; kept as a function so that serving never pays for the document.
pub(crate) type Describe = fn(&mut GenContext) -> Operation;

/// The response list of one input or output.
pub type Responses = Vec<(Option<StatusCode>, Response)>;

/// The operation of a handler with these inputs and this output.
pub(crate) fn operation<I: OperationInput, O: OperationOutput>(ctx: &mut GenContext) -> Operation {
    let mut operation = Operation::default();
    I::operation_input(ctx, &mut operation);
    let mut responses = O::inferred_responses(ctx, &mut operation);
    responses.extend(I::inferred_early_responses(ctx, &mut operation));
    let known = operation.responses.get_or_insert_default();
    for (status, response) in responses {
        match status {
            Some(status) => {
                known
                    .responses
                    .entry(status)
                    .or_insert(ReferenceOr::Item(response));
            }
            None => known.default = Some(ReferenceOr::Item(response)),
        }
    }
    operation
}

/// `provost_authz::members::assign` as `authz_members_assign`.
pub(crate) fn operation_id(path: &str) -> String {
    let path = path.split('<').next().unwrap_or(path);
    path.strip_prefix("provost_")
        .unwrap_or(path)
        .replace("::", "_")
}

/// A JSON response of `T`.
pub fn json<T: JsonSchema>(ctx: &mut GenContext, status: u16, text: &str) -> Responses {
    let schema = ctx.schema.subschema_for::<T>();
    vec![(
        Some(StatusCode::Code(status)),
        response(text, "application/json", schema),
    )]
}

/// A problem under `status`, or under all others when there is none.
pub fn problem(ctx: &mut GenContext, status: Option<u16>, text: &str) -> Responses {
    let schema = ctx
        .schema
        .subschema_for::<crate::problem::Detail<'static>>();
    vec![(
        status.map(StatusCode::Code),
        response(text, "application/json", schema),
    )]
}

/// A plain text.
#[must_use]
pub fn plain(status: u16, text: &str) -> Responses {
    let schema = schemars::json_schema!({"type": "string"});
    vec![(
        Some(StatusCode::Code(status)),
        response(text, "text/plain", schema),
    )]
}

/// An answer without a body.
#[must_use]
pub fn empty(status: u16, text: &str) -> Responses {
    let response = Response {
        description: text.to_owned(),
        ..Response::default()
    };
    vec![(Some(StatusCode::Code(status)), response)]
}

pub(crate) fn response(text: &str, media: &str, schema: Schema) -> Response {
    let mut response = Response {
        description: text.to_owned(),
        ..Response::default()
    };
    response
        .content
        .insert(media.to_owned(), media_type(schema));
    response
}

fn media_type(schema: Schema) -> MediaType {
    MediaType {
        schema: Some(schema_object(schema)),
        ..MediaType::default()
    }
}

fn schema_object(schema: Schema) -> SchemaObject {
    SchemaObject {
        json_schema: schema,
        external_docs: None,
        example: None,
    }
}

/// The request body is a `T`, in any media type; the family takes away those that it does not have.
pub(crate) fn body<T: JsonSchema>(ctx: &mut GenContext, operation: &mut Operation) {
    let schema = ctx.schema.subschema_for::<T>();
    let mut body = RequestBody {
        required: true,
        ..RequestBody::default()
    };
    for media in crate::Media::ALL {
        body.content
            .insert(media.name().to_owned(), media_type(schema.clone()));
    }
    operation.request_body = Some(ReferenceOr::Item(body));
}

/// The request body is JSON like this.
pub fn json_body(operation: &mut Operation, schema: Schema, required: bool) {
    let mut body = RequestBody {
        required,
        ..RequestBody::default()
    };
    let media = crate::Media::Json.name().to_owned();
    body.content.insert(media, media_type(schema));
    operation.request_body = Some(ReferenceOr::Item(body));
}

/// The problems of reading a body.
pub(crate) fn body_problems(ctx: &mut GenContext) -> Responses {
    let mut all = vec![invalid("The body is malformed or has invalid fields")];
    all.extend(problem(ctx, Some(413), "The body is too large"));
    all.extend(problem(ctx, Some(415), "The body has another media type"));
    all
}

/// 400 with field errors.
pub(crate) fn invalid(text: &str) -> (Option<StatusCode>, Response) {
    let schema = schemars::json_schema!({
        "type": "object",
        "description": "Messages by field, or a single `detail`.",
        "additionalProperties": true,
    });
    (
        Some(StatusCode::Code(400)),
        response(text, "application/json", schema),
    )
}

fn parameter_data(name: &str, text: &str, schema: Schema) -> ParameterData {
    ParameterData {
        name: name.to_owned(),
        description: Some(text.to_owned()),
        required: false,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(schema_object(schema)),
        example: None,
        examples: [].into(),
        explode: None,
        extensions: [].into(),
    }
}

/// One optional request header.
pub fn header_parameter(operation: &mut Operation, name: &str, text: &str, schema: Schema) {
    let parameter = Parameter::Header {
        parameter_data: parameter_data(name, text, schema),
        style: HeaderStyle::Simple,
    };
    operation.parameters.push(ReferenceOr::Item(parameter));
}

/// One optional query parameter.
pub fn query_parameter(operation: &mut Operation, name: &str, text: &str, schema: Schema) {
    let parameter = Parameter::Query {
        parameter_data: parameter_data(name, text, schema),
        allow_reserved: false,
        style: QueryStyle::Form,
        allow_empty_value: None,
    };
    operation.parameters.push(ReferenceOr::Item(parameter));
}
