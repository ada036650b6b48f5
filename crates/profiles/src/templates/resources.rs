//! Categories and templates, as resources.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Created, Json, Path};
use provost_store::Db;
use provost_store::tenant_profiles::templates;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::category;
use crate::actor::Actor;
use crate::ask::{Ask, Create, Update};
use crate::attributes::kind::Check::{Any, Identifier};
use crate::attributes::{Attribute, Kind, Object, Rule, Table, Values};
use crate::level::Level;
use crate::record;
use crate::refusal::{Code, Refusal, none, not_found};
use crate::wire::{self, Nothing};
use crate::work::Work;

const NAME: Attribute = Attribute::new("name", Kind::Text(1, 80, Identifier))
    .rules(Rule::Required, Rule::Forbidden)
    .lasting();
const DESCRIPTION: Attribute = Attribute::new("description", Kind::Text(0, 255, Any));
const DATA: Attribute = Attribute::new("data", Kind::Free);

/// Requests about a template.
pub(crate) struct Attributes;

impl Table for Attributes {
    fn attributes() -> &'static [Attribute] {
        const { &[NAME, DESCRIPTION, DATA] }
    }
}

/// What a template or a category is called, and what it is for.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateSummary")]
pub(crate) struct Summary {
    name: String,
    description: String,
}

/// What there are templates of.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateCategories")]
pub(crate) struct Categories {
    categories: Vec<Summary>,
}

/// A category with its templates.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateCategory")]
pub(crate) struct Category {
    name: String,
    description: String,
    templates: Vec<Summary>,
}

/// A template.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Template")]
pub(crate) struct Template {
    name: String,
    description: String,
    data: Object,
}

impl From<templates::Template> for Template {
    fn from(template: templates::Template) -> Self {
        Self {
            name: template.name,
            description: template.description,
            data: template.data,
        }
    }
}

fn summary(category: category::Category) -> Summary {
    Summary {
        name: category.name().to_owned(),
        description: category.description().to_owned(),
    }
}

/// What there are templates of.
pub(crate) async fn categories(actor: Actor) -> Answer<Json<Categories>> {
    actor.at_least(Level::TenantAdmin)?;
    let all = category::Category::ALL.map(summary);
    Ok(Json(Categories {
        categories: all.into(),
    }))
}

/// The templates of a category.
pub(crate) async fn list(
    State(app): State<App>,
    actor: Actor,
    Path(category): Path<String>,
) -> Answer<Json<Category>> {
    actor.at_least(Level::TenantAdmin)?;
    let category = known(&category)?;
    let listed = templates::list(app.store().read(), category.name()).await?;
    let listed = listed.into_iter();
    let Summary { name, description } = summary(category);
    Ok(Json(Category {
        name,
        description,
        templates: listed
            .map(|(name, description)| Summary { name, description })
            .collect(),
    }))
}

fn known(category: &str) -> Answer<category::Category> {
    let found = category::Category::named(category);
    Ok(found.ok_or_else(|| not_found("Category", category))?)
}

/// One template.
pub(crate) async fn retrieve(
    State(app): State<App>,
    actor: Actor,
    Path((category, name)): Path<(String, String)>,
) -> Answer<Json<Template>> {
    actor.at_least(Level::TenantAdmin)?;
    Ok(Json(
        named(app.store().read(), &category, &name).await?.into(),
    ))
}

async fn named(db: &Db, category: &str, name: &str) -> Answer<templates::Template> {
    let category = known(category)?;
    let found = templates::find(db, category.name(), name).await?;
    Ok(found.ok_or_else(|| not_found("Template", name))?)
}

/// Make a template.
pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    Path(category): Path<String>,
    ask: Ask<Create, Attributes>,
) -> Answer<Created<Template>> {
    actor.at_least(Level::SystemAdmin)?;
    let category = known(&category)?;
    let values = ask.read()?;
    let mut template = templates::Template {
        id: 0,
        category: category.name().to_owned(),
        name: values.text(&NAME).unwrap_or_default().to_owned(),
        description: String::new(),
        data: Object::new(),
    };
    describe(&mut template, &values)?;
    let mut work = Work::begin(&app, &actor).await?;
    let name = &template.name;
    let taken = templates::find(&work.tx, category.name(), name).await?;
    if taken.is_some() {
        let reason = format!("Template '{name}' already exists");
        return Err(Refusal::of(Code::AlreadyExists, NAME.name, reason).into());
    }
    templates::create(&work.tx, &template).await?;
    let facts = facts(&template);
    work.note(
        record::TEMPLATE_CREATED,
        &subject(&template),
        None,
        Some(facts),
    );
    work.commit().await?;
    Ok(Created(template.into()))
}

/// Change a template.
pub(crate) async fn update(
    State(app): State<App>,
    actor: Actor,
    Path((category, name)): Path<(String, String)>,
    ask: Ask<Update, Attributes>,
) -> Answer<Json<Template>> {
    actor.at_least(Level::SystemAdmin)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let before = named(&work.tx, &category, &name).await?;
    let stored = wire::object(&Template::from(before.clone()));
    let mut after = before.clone();
    let values = Ask::<Update, Attributes>::read_in(&object, &stored)?;
    describe(&mut after, &values)?;
    templates::change(&work.tx, &after).await?;
    let [old, new] = [&before, &after].map(|template| Some(facts(template)));
    work.note(record::TEMPLATE_CHANGED, &subject(&before), old, new);
    work.commit().await?;
    Ok(Json(after.into()))
}

/// Remove a template.
pub(crate) async fn destroy(
    State(app): State<App>,
    actor: Actor,
    Path((category, name)): Path<(String, String)>,
) -> Answer<Json<Nothing>> {
    actor.at_least(Level::SystemAdmin)?;
    let mut work = Work::begin(&app, &actor).await?;
    let template = named(&work.tx, &category, &name).await?;
    templates::remove(&work.tx, template.id).await?;
    let facts = facts(&template);
    work.note(
        record::TEMPLATE_DELETED,
        &subject(&template),
        Some(facts),
        None,
    );
    work.commit().await?;
    Ok(Json(Nothing {}))
}

fn describe(template: &mut templates::Template, values: &Values) -> Answer<()> {
    values.set_text(&DESCRIPTION, &mut template.description);
    if let Some(data) = values.object(&DATA) {
        none(&misshapen(&data))?;
        template.data = data;
    }
    Ok(())
}

/// What of a template's data could not be followed, so that it is told here and not when it is used.
fn misshapen(data: &Object) -> Vec<Refusal> {
    let is_action = |action: &Value| action.get("action").is_some_and(Value::is_string);
    let are_actions = |actions: &Value| {
        let all = actions.as_array();
        all.is_some_and(|all| all.iter().all(is_action))
    };
    let attributes = data.get("attributes").is_none_or(Value::is_object);
    let actions = data.get("actions").is_none_or(are_actions);
    [
        ("data.attributes", attributes, "an object"),
        (
            "data.actions",
            actions,
            "a list of objects, each with an 'action' that is a text",
        ),
    ]
    .into_iter()
    .filter(|(_, fits, _)| !fits)
    .map(|(parameter, _, wants)| {
        let reason = format!("Parameter '{parameter}' must be {wants}");
        Refusal::of(Code::Invalid, parameter, reason)
    })
    .collect()
}

fn subject(template: &templates::Template) -> String {
    format!("template:{}/{}", template.category, template.name)
}

fn facts(template: &templates::Template) -> Value {
    json!(Template::from(template.clone()))
}
