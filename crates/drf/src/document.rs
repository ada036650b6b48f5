//! The OpenAPI document of all families.

use aide::generate::{GenContext, in_context, reset_context};
use aide::openapi::{
    ApiKeyLocation, Components, Info, OpenApi, Operation as Described, Parameter, ParameterData,
    ParameterSchemaOrContent, PathItem, PathStyle, Paths, ReferenceOr, SchemaObject,
    SecurityRequirement, SecurityScheme, Tag,
};
use aide::redoc::Redoc;
use http::Method;
use schemars::generate::SchemaSettings;
use schemars::{SchemaGenerator, json_schema};
use serde_json::Value;

use crate::describe::problem;
use crate::problem::{Detail, Details};
use crate::{Dialect, Family, Operation, Problem, Scheme};

/// The mark an extractor leaves on an operation that wants a caller; the family's schemes take its
/// place.
pub(crate) const CALLER: &str = "caller";

/// A page to read the document at `url` with; it loads nothing from elsewhere.
#[must_use]
pub fn document_page(title: &str, url: &str) -> String {
    Redoc::new(url).with_title(title).html()
}

/// The OpenAPI 3.1 document of `families`.
///
/// Takes no request-time work: every operation is described by its handler's own signature.
pub fn document<S: Clone + Send + Sync + 'static>(
    title: &str,
    version: &str,
    families: &[&Family<S>],
) -> Result<Value, Problem> {
    let mut api = OpenApi {
        info: Info {
            title: title.to_owned(),
            version: version.to_owned(),
            ..Info::default()
        },
        ..OpenApi::default()
    };
    // The generator keeps its state per thread; start and leave it clean.
    reset_context();
    let (paths, components) = in_context(|ctx| {
        ctx.schema = SchemaGenerator::new(SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
        }));
        let mut paths = Paths::default();
        for family in families {
            add(ctx, &mut paths, family);
        }
        let components = components(ctx, families);
        (paths, components)
    });
    reset_context();
    api.paths = Some(paths);
    api.components = Some(components);
    api.tags = families.iter().map(|family| tag(family)).collect();
    let mut written = serde_json::to_value(&api).map_err(Problem::internal)?;
    // By name, so that a moved field or a new family changes few lines of a document on file.
    written.sort_all_objects();
    Ok(written)
}

fn tag<S>(family: &Family<S>) -> Tag {
    Tag {
        name: family.tag.to_owned(),
        description: Some(family.description.to_owned()),
        ..Tag::default()
    }
}

fn add<S: Clone + Send + Sync + 'static>(
    ctx: &mut GenContext,
    paths: &mut Paths,
    family: &Family<S>,
) {
    for operation in family.operations() {
        let described = describe(ctx, operation, family);
        let item = paths
            .paths
            .entry(operation.path.clone())
            .or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let Some(place) = item
            .as_item_mut()
            .and_then(|item| slot(item, &operation.method))
        {
            *place = Some(described);
        }
    }
}

fn slot<'a>(item: &'a mut PathItem, method: &Method) -> Option<&'a mut Option<Described>> {
    match *method {
        Method::GET => Some(&mut item.get),
        Method::POST => Some(&mut item.post),
        Method::PUT => Some(&mut item.put),
        Method::PATCH => Some(&mut item.patch),
        Method::DELETE => Some(&mut item.delete),
        _ => None,
    }
}

fn describe<S>(ctx: &mut GenContext, operation: &Operation, family: &Family<S>) -> Described {
    let mut described = (operation.describe)(ctx);
    described.operation_id = Some(operation.id.clone());
    described.summary = Some(operation.summary.to_owned());
    described.tags = vec![family.tag.to_owned()];
    described.security = security(&described.security, family.entrance.schemes);
    if let Some(ReferenceOr::Item(body)) = &mut described.request_body {
        let taken = |name: &str| family.bodies.iter().any(|media| media.name() == name);
        body.content.retain(|name, _| taken(name));
    }
    add_path_parameters(&mut described, &operation.path);
    if let Some(responses) = &mut described.responses {
        for (status, response) in problem(ctx, Some(406), "The client takes no JSON") {
            if let Some(status) = status {
                responses
                    .responses
                    .entry(status)
                    .or_insert(ReferenceOr::Item(response));
            }
        }
        responses.responses.sort_keys();
        if family.dialect == Dialect::Details {
            say_details(ctx, responses);
        }
    }
    described
}

/// Problems are worded with `details`.
fn say_details(ctx: &mut GenContext, responses: &mut aide::openapi::Responses) {
    let detail = ctx.schema.subschema_for::<Detail<'static>>();
    let details = ctx.schema.subschema_for::<Details<'static>>();
    let known = responses.responses.values_mut();
    for response in known.chain(&mut responses.default) {
        let media = response.as_item_mut().into_iter();
        for media in media.flat_map(|response| response.content.values_mut()) {
            if let Some(schema) = &mut media.schema
                && schema.json_schema == detail
            {
                schema.json_schema = details.clone();
            }
        }
    }
}

/// One alternative per scheme where a caller is wanted, kept optional where it may be missing.
fn security(marks: &[SecurityRequirement], schemes: &[Scheme]) -> Vec<SecurityRequirement> {
    let mut all = Vec::new();
    for mark in marks {
        if mark.contains_key(CALLER) {
            let named = |scheme: &Scheme| [(name(*scheme).to_owned(), Vec::new())].into();
            all.extend(schemes.iter().map(named));
        } else {
            all.push(mark.clone());
        }
    }
    all
}

/// Every `{name}` of the path that no extractor described is a text.
fn add_path_parameters(described: &mut Described, path: &str) {
    for segment in path.split('/') {
        let Some(name) = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        else {
            continue;
        };
        let known = described.parameters.iter().any(|parameter| {
            parameter
                .as_item()
                .is_some_and(|p| p.parameter_data_ref().name == name)
        });
        if !known {
            described
                .parameters
                .push(ReferenceOr::Item(path_parameter(name)));
        }
    }
}

fn path_parameter(name: &str) -> Parameter {
    let schema = SchemaObject {
        json_schema: json_schema!({ "type": "string" }),
        external_docs: None,
        example: None,
    };
    Parameter::Path {
        parameter_data: ParameterData {
            name: name.to_owned(),
            description: None,
            required: true,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(schema),
            example: None,
            examples: [].into(),
            explode: None,
            extensions: [].into(),
        },
        style: PathStyle::Simple,
    }
}

fn components<S: Clone + Send + Sync + 'static>(
    ctx: &mut GenContext,
    families: &[&Family<S>],
) -> Components {
    let mut components = Components::default();
    for (name, schema) in ctx.schema.take_definitions(true) {
        if let Ok(json_schema) = schema.try_into() {
            let schema = SchemaObject {
                json_schema,
                external_docs: None,
                example: None,
            };
            components.schemas.insert(name, schema);
        }
    }
    for scheme in families.iter().flat_map(|family| family.entrance.schemes) {
        let described = ReferenceOr::Item(security_scheme(*scheme));
        components
            .security_schemes
            .insert(name(*scheme).to_owned(), described);
    }
    components
}

fn name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Jwt => "jwt",
        Scheme::Session | Scheme::ActiveSession => "session",
        Scheme::BareSession => "bare_session",
        Scheme::Basic => "basic",
        Scheme::Token => "token",
        Scheme::Bearer => "bearer",
    }
}

fn security_scheme(scheme: Scheme) -> SecurityScheme {
    let header = |text: &str| SecurityScheme::ApiKey {
        location: ApiKeyLocation::Header,
        name: "Authorization".to_owned(),
        description: Some(text.to_owned()),
        extensions: [].into(),
    };
    let http = |scheme: &str| SecurityScheme::Http {
        scheme: scheme.to_owned(),
        bearer_format: None,
        description: None,
        extensions: [].into(),
    };
    match scheme {
        Scheme::Jwt => header("`JWT <token>`; the word is configurable."),
        Scheme::Token => header("`Token <key>`"),
        Scheme::Basic => http("basic"),
        Scheme::Bearer => http("bearer"),
        Scheme::Session | Scheme::ActiveSession => SecurityScheme::ApiKey {
            location: ApiKeyLocation::Cookie,
            name: "sessionid".to_owned(),
            description: Some("Unsafe methods also need the header `X-CSRFToken`.".to_owned()),
            extensions: [].into(),
        },
        Scheme::BareSession => SecurityScheme::ApiKey {
            location: ApiKeyLocation::Cookie,
            name: "sessionid".to_owned(),
            description: Some("Needs no CSRF token; pages of other sites are refused.".to_owned()),
            extensions: [].into(),
        },
    }
}
