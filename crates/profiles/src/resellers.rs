//! `local/resellers/`: who owns tenants and groups (specification, section 6).

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Created, Json, Path};
use provost_store::Db;
use provost_store::tenant_profiles::resellers;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::actor::Actor;
use crate::ask::{Ask, Create, Remove, Update};
use crate::attributes::kind::Check::Any;
use crate::attributes::{self as all, Attribute, Deed, Kind, Object, Rule, Table, Values};
use crate::level::Level;
use crate::record;
use crate::refusal::{Code, Refusal, not_found};
use crate::wire::{self, Nothing};
use crate::work::Work;

const NAME: Attribute = Attribute::new("name", Kind::Text(1, 80, Any))
    .rules(Rule::Required, Rule::Forbidden)
    .removing(Rule::Forbidden)
    .lasting();
const EXTERNAL_NAME: Attribute =
    Attribute::new("externalName", Kind::Text(0, 80, Any)).removing(Rule::Forbidden);
const EXTRA_DATA: Attribute = Attribute::new("extraData", Kind::Free).removing(Rule::Forbidden);

/// The attributes of a reseller (specification, section 6.1).
const TABLE: [Attribute; 3] = [NAME, EXTERNAL_NAME, EXTRA_DATA];

/// Requests about a reseller.
pub(crate) struct Attributes;

impl Table for Attributes {
    fn attributes() -> &'static [Attribute] {
        const { &TABLE }
    }
}

/// A reseller.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reseller {
    name: String,
    external_name: String,
    extra_data: Object,
}

impl From<resellers::Reseller> for Reseller {
    fn from(reseller: resellers::Reseller) -> Self {
        Self {
            name: reseller.name,
            external_name: reseller.external_name,
            extra_data: reseller.extra_data,
        }
    }
}

/// All resellers.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Resellers {
    resellers: Vec<Reseller>,
}

/// What the log says of a reseller.
pub(crate) fn facts(reseller: &resellers::Reseller) -> Value {
    json!(Reseller::from(reseller.clone()))
}

/// Resellers by name.
pub(crate) async fn list(State(app): State<App>, actor: Actor) -> Answer<Json<Resellers>> {
    actor.at_least(Level::TenantAdmin)?;
    let all = resellers::all(app.store().read()).await?;
    Ok(Json(Resellers {
        resellers: all.into_iter().map(Reseller::from).collect(),
    }))
}

/// One reseller.
pub(crate) async fn retrieve(
    State(app): State<App>,
    actor: Actor,
    Path(name): Path<String>,
) -> Answer<Json<Reseller>> {
    actor.at_least(Level::TenantAdmin)?;
    Ok(Json(named(app.store().read(), &name).await?.into()))
}

async fn named(db: &Db, name: &str) -> Answer<resellers::Reseller> {
    let found = resellers::find(db, name).await?;
    Ok(found.ok_or_else(|| not_found("Reseller", name))?)
}

/// Make a reseller.
pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    ask: Ask<Create, Attributes>,
) -> Answer<Created<Reseller>> {
    actor.at_least(Level::SystemAdmin)?;
    let values = ask.read()?;
    let mut work = Work::begin(&app, &actor).await?;
    let made = make(&mut work, &values).await?;
    work.commit().await?;
    Ok(Created(made.into()))
}

async fn make(work: &mut Work<'_>, values: &Values) -> Answer<resellers::Reseller> {
    let name = values.text(&NAME).unwrap_or_default();
    if resellers::find(&work.tx, name).await?.is_some() {
        let reason = format!("Reseller '{name}' already exists");
        return Err(Refusal::of(Code::AlreadyExists, NAME.name, reason).into());
    }
    let external_name = values.text(&EXTERNAL_NAME).unwrap_or_default();
    let extra_data = values.object(&EXTRA_DATA).unwrap_or_default();
    let made = resellers::create(&work.tx, name, external_name, &extra_data).await?;
    work.note(record::RESELLER_CREATED, name, None, Some(facts(&made)));
    Ok(made)
}

/// Change a reseller.
pub(crate) async fn update(
    State(app): State<App>,
    actor: Actor,
    Path(name): Path<String>,
    ask: Ask<Update, Attributes>,
) -> Answer<Json<Reseller>> {
    actor.at_least(Level::SystemAdmin)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let before = named(&work.tx, &name).await?;
    let stored = wire::object(&Reseller::from(before.clone()));
    let values = Ask::<Update, Attributes>::read_in(&object, &stored)?;
    let changed = change(&mut work, before, &values).await?;
    work.commit().await?;
    Ok(Json(changed.into()))
}

async fn change(
    work: &mut Work<'_>,
    before: resellers::Reseller,
    values: &Values,
) -> Answer<resellers::Reseller> {
    let mut after = before.clone();
    values.set_text(&EXTERNAL_NAME, &mut after.external_name);
    if let Some(extra_data) = values.object(&EXTRA_DATA) {
        after.extra_data = extra_data;
    }
    resellers::change(&work.tx, &after).await?;
    let [old, new] = [&before, &after].map(|reseller| Some(facts(reseller)));
    work.note(record::RESELLER_CHANGED, &before.name, old, new);
    Ok(after)
}

/// Makes the reseller that an object describes, or changes it; whether it is new.
///
/// # Errors
/// What is wrong with the object.
pub(crate) async fn put(work: &mut Work<'_>, object: &Object) -> Answer<bool> {
    let values = all::read(&TABLE, Deed::Create, object, &Object::new())?;
    let name = values.text(&NAME).unwrap_or_default();
    match resellers::find(&work.tx, name).await? {
        Some(known) => change(work, known, &values).await.map(|_| false),
        None => make(work, &values).await.map(|_| true),
    }
}

/// Remove a reseller.
pub(crate) async fn destroy(
    State(app): State<App>,
    actor: Actor,
    Path(name): Path<String>,
    ask: Ask<Remove, Attributes>,
) -> Answer<Json<Nothing>> {
    actor.at_least(Level::SystemAdmin)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let reseller = named(&work.tx, &name).await?;
    let stored = wire::object(&Reseller::from(reseller.clone()));
    Ask::<Remove, Attributes>::read_in(&object, &stored)?;
    if resellers::is_used(&work.tx, reseller.id).await? {
        let reason = format!("Reseller '{name}' is still in use");
        return Err(Refusal::new(Code::ObjectInUse, reason).into());
    }
    resellers::remove(&work.tx, reseller.id).await?;
    work.note(
        record::RESELLER_DELETED,
        &name,
        Some(facts(&reseller)),
        None,
    );
    work.commit().await?;
    Ok(Json(Nothing {}))
}
