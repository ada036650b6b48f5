//! How each extractor and each answer describes itself in the document.

use provost_listing::{Kind, Listed};
use schemars::{JsonSchema, json_schema};

use crate::absolute::Origin;
use crate::describe::{
    self, GenContext, Operation, OperationInput, OperationOutput, Responses, query_parameter,
};
use crate::document::CALLER;
use crate::{
    Body, Caller, Created, Json, Keyset, KeysetPage, LimitOffset, List, MaybeCaller, MultiStatus,
    NoContent, Page, Paging, Path, Payload, Problem, Query, RawBody, Unread,
};

impl OperationInput for Origin {}

impl OperationInput for Caller {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        operation
            .security
            .push([(CALLER.to_owned(), Vec::new())].into());
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::problem(ctx, Some(401), "Credentials are missing or refused")
    }
}

impl OperationInput for MaybeCaller {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        operation
            .security
            .push([(CALLER.to_owned(), Vec::new())].into());
        operation.security.push([].into());
    }
}

impl<T: JsonSchema> OperationInput for Body<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        describe::body::<T>(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::body_problems(ctx)
    }
}

impl OperationInput for RawBody {
    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::problem(ctx, Some(413), "The body is too large")
    }
}

impl<T: JsonSchema> OperationInput for Unread<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        describe::body::<T>(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::body_problems(ctx)
    }
}

impl OperationInput for Payload {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        describe::body::<serde_json::Value>(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::body_problems(ctx)
    }
}

impl<T: JsonSchema> OperationInput for Query<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let schema = ctx.schema.subschema_for::<T>();
        let location = aide::operation::ParamLocation::Query;
        let parameters = aide::operation::parameters_from_schema(ctx, schema, location);
        aide::operation::add_parameters(ctx, operation, parameters);
    }

    fn inferred_early_responses(_: &mut GenContext, _: &mut Operation) -> Responses {
        vec![describe::invalid("Parameters are invalid")]
    }
}

impl<T> OperationInput for Path<T> {
    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::problem(ctx, Some(404), "There is no such thing")
    }
}

fn page_parameters(operation: &mut Operation, default: u64, max: u64) {
    let number = json_schema!({
        "anyOf": [{ "type": "integer", "minimum": 1 }, { "const": "last" }],
        "default": 1,
    });
    query_parameter(operation, "page", "Page number, or `last`.", number);
    let size = json_schema!({
        "type": "integer", "minimum": 1, "maximum": max, "default": default,
    });
    query_parameter(operation, "page_size", "Rows per page.", size);
}

fn no_such_page(ctx: &mut GenContext) -> Responses {
    describe::problem(ctx, Some(404), "There is no such page")
}

impl<const DEFAULT: u64, const MAX: u64> OperationInput for Paging<DEFAULT, MAX> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        page_parameters(operation, DEFAULT, MAX);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        no_such_page(ctx)
    }
}

fn limit_parameter(operation: &mut Operation, default: u64, max: u64) {
    let mut limit = json_schema!({ "type": "integer", "minimum": 1, "default": default });
    if max != u64::MAX {
        limit.insert("maximum".to_owned(), max.into());
    }
    query_parameter(operation, "limit", "The most rows to answer.", limit);
}

impl<const DEFAULT: u64, const MAX: u64> OperationInput for LimitOffset<DEFAULT, MAX> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        limit_parameter(operation, DEFAULT, MAX);
        let offset = json_schema!({ "type": "integer", "minimum": 0, "default": 0 });
        query_parameter(operation, "offset", "Rows to skip.", offset);
    }
}

impl<const DEFAULT: u64, const MAX: u64> OperationInput for Keyset<DEFAULT, MAX> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        limit_parameter(operation, DEFAULT, MAX);
        let cursor = json_schema!({ "type": "string" });
        query_parameter(operation, "cursor", "Where the former page ended.", cursor);
    }

    fn inferred_early_responses(_: &mut GenContext, _: &mut Operation) -> Responses {
        vec![describe::invalid("The cursor is none of ours")]
    }
}

impl<By: Listed> OperationInput for List<By> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let listing = By::LISTING;
        let text = || json_schema!({ "type": "string" });
        if !listing.order.is_empty() {
            let names: Vec<&str> = listing.order.iter().map(|(name, _)| *name).collect();
            let about = format!("Comma list of {}; `-` in front reverses.", names.join(", "));
            query_parameter(operation, "ordering", &about, text());
        }
        if !listing.search.is_empty() {
            let about = "Terms that must all be found; quotes keep a phrase together.";
            query_parameter(operation, "search", about, text());
        }
        for filter in listing.filters {
            let (about, schema) = match filter.kind {
                Kind::Text => ("Exactly this.", text()),
                Kind::Words => ("Any of these, separated by commas.", text()),
                Kind::Flag => ("Only with this value.", json_schema!({ "type": "boolean" })),
                Kind::IsNull => ("Only without a value.", json_schema!({ "type": "boolean" })),
                Kind::Integer => ("Exactly this.", json_schema!({ "type": "integer" })),
                Kind::Choice(choices) => ("Exactly this.", json_schema!({ "enum": choices })),
                Kind::Since => ("At or after.", json_schema!({ "format": "date-time" })),
                Kind::Until => ("Before.", json_schema!({ "format": "date-time" })),
            };
            query_parameter(operation, filter.name, about, schema);
        }
        page_parameters(operation, listing.page_size, listing.page_max);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        let mut all = vec![describe::invalid("Filters are invalid")];
        all.extend(no_such_page(ctx));
        all
    }
}

impl<T: JsonSchema> OperationOutput for Json<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::json::<T>(ctx, 200, "OK")
    }
}

impl<T: JsonSchema> OperationOutput for Created<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::json::<T>(ctx, 201, "Created")
    }
}

impl OperationOutput for NoContent {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Responses {
        describe::empty(204, "Done")
    }
}

impl<C: JsonSchema, E: JsonSchema> OperationOutput for MultiStatus<C, E> {
    type Inner = Self;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::json::<Self>(ctx, 207, "What was done and what was not")
    }
}

impl<T: JsonSchema> OperationOutput for Page<T> {
    type Inner = Self;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::json::<Self>(ctx, 200, "One page")
    }
}

impl<T: JsonSchema> OperationOutput for KeysetPage<T> {
    type Inner = Self;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::json::<Self>(ctx, 200, "One page")
    }
}

impl OperationOutput for Problem {
    type Inner = Self;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Responses {
        describe::problem(ctx, None, "The request was refused")
    }
}
