//! `membership-rules/`: which group people of a mail domain are put into.
//!
//! The old API knows one domain of a rule, its first one.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App, Error, kind};
use provost_drf::{
    Created, Invalid, Json, Metadata, NoContent, Optional, Page, Path, Payload, Permitted, Problem,
    Reference, Text, Unread,
};
use provost_keys::text;
use provost_store::Fault;
use provost_store::course_access::{Named as NamedGroup, rules};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::describe;
use super::named::{Member, look_up};
use super::place::{Place, SiteAdmin};
use crate::domains::Domain;
use crate::record;
use crate::wire::{GroupRef, Key, Paging};

/// A rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rule {
    id: i64,
    name: String,
    domain: String,
    group: GroupRef,
}

impl From<rules::Rule> for Rule {
    fn from(row: rules::Rule) -> Self {
        Self {
            id: row.id,
            name: row.name,
            domain: row.domain,
            group: row.group.into(),
        }
    }
}

/// The body of making or replacing a rule.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Write {
    name: Text<255>,
    domain: Domain,
    /// Key of a group of the organization.
    #[expect(dead_code, reason = "what it refers to is looked up beside it")]
    group: Reference,
}

/// The body of changing a rule.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Change {
    #[deserr(default)]
    name: Optional<Text<255>>,
    #[deserr(default)]
    domain: Optional<Domain>,
    /// Key of a group of the organization.
    #[deserr(default)]
    #[expect(dead_code, reason = "what it refers to is looked up beside it")]
    group: Optional<Reference>,
}

/// The body of replacing a rule whose domain stays as it is: it may be one that only our own API
/// takes.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Kept {
    name: Text<255>,
    #[expect(dead_code, reason = "what it refers to is looked up beside it")]
    group: Reference,
}

/// The body of changing such a rule.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct KeptParts {
    #[deserr(default)]
    name: Optional<Text<255>>,
    #[deserr(default)]
    #[expect(dead_code, reason = "what it refers to is looked up beside it")]
    group: Optional<Reference>,
}

/// Whether a body says the domain again that is stored.
fn keeps_domain(body: &Payload, domain: &str) -> bool {
    let sent = body.get("domain").and_then(Value::as_str);
    sent.is_some_and(|sent| text::trim(sent) == domain)
}

/// Rules of the organization's groups.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    paging: Paging,
) -> Answer<Json<Page<Rule>>> {
    let organization = place.organization(&app, &caller)?;
    let total = app.total("access_rules", &organization);
    let db = app.store().read();
    let slice = rules::page(db, organization, &paging.ask(), total.known()).await?;
    total.remember(slice.total);
    Ok(Json(paging.page(slice.map(Rule::from))))
}

/// One rule.
pub async fn retrieve(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<Json<Rule>> {
    let organization = place.organization(&app, &caller)?;
    let found = rules::find(app.store().read(), organization, key.id()?).await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?.into()))
}

/// Make a rule. It touches nobody who is there already.
pub async fn create(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    body: Unread<Write>,
) -> Answer<Created<Rule>> {
    let body = body.decode().await?;
    let organization = || place.organization(&app, &caller);
    let mut named = look_up(&app, organization, &body, &[Member::Group]).await?;
    let ask = named.with(body.read::<Write>())?;
    let group = named.group.ok_or_else(Problem::not_found)?;
    let organization = organization()?;
    let tx = app.store().begin().await?;
    let (name, Domain(domain)) = (ask.name.into_string(), ask.domain);
    let id = rules::create(&tx, &name, &domain, &[], group.id, app.now()).await;
    let id = id.map_err(|fault| refused(fault, group.id))?;
    let made = rules::Rule {
        id,
        name,
        domain,
        domains: Vec::new(),
        group,
    };
    let about = (kind::RULE_CREATED, record::rule_subject(id));
    let changed = (None, Some(record::rule(&made)));
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(Created(made.into()))
}

/// Replace a rule.
pub async fn update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Write>,
) -> Answer<Json<Rule>> {
    let (organization, old) = stored(&app, &caller, &place, &key).await?;
    let body = body.decode().await?;
    let mut named = look_up(&app, || Ok(organization), &body, &[Member::Group]).await?;
    let (name, domain) = if keeps_domain(&body, &old.domain) {
        (named.with(body.read::<Kept>())?.name, None)
    } else {
        let ask = named.with(body.read::<Write>())?;
        (ask.name, Some(ask.domain.0))
    };
    let change = New {
        name: Some(name.into_string()),
        domain,
        group: named.group,
    };
    write(&app, &caller, organization, key.id()?, change).await
}

/// Change parts of a rule.
pub async fn partial_update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Change>,
) -> Answer<Json<Rule>> {
    let (organization, old) = stored(&app, &caller, &place, &key).await?;
    let body = body.decode().await?;
    let mut named = look_up(&app, || Ok(organization), &body, &[Member::Group]).await?;
    let (name, domain) = if keeps_domain(&body, &old.domain) {
        (named.with(body.read::<KeptParts>())?.name.0, None)
    } else {
        let ask = named.with(body.read::<Change>())?;
        (ask.name.0, ask.domain.0)
    };
    let change = New {
        name: name.map(Text::into_string),
        domain: domain.map(|domain| domain.0),
        group: named.group,
    };
    write(&app, &caller, organization, key.id()?, change).await
}

/// Remove a rule. The memberships that it made stay.
pub async fn destroy(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<NoContent> {
    let organization = place.organization(&app, &caller)?;
    let tx = app.store().begin().await?;
    let found = rules::lock(&tx, organization, key.id()?).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    rules::remove(&tx, old.id).await?;
    let about = (kind::RULE_DELETED, record::rule_subject(old.id));
    let changed = (Some(record::rule(&old)), None);
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(NoContent)
}

/// The working organization and its rule, if it has that.
async fn stored(
    app: &App,
    caller: &Permitted<SiteAdmin>,
    place: &Place,
    key: &Key,
) -> Answer<(i64, rules::Rule)> {
    let organization = place.organization(app, caller)?;
    let found = rules::find(app.store().read(), organization, key.id()?).await?;
    Ok((organization, found.ok_or_else(Problem::not_found)?))
}

/// What becomes of a rule; nothing stays as it is.
struct New {
    name: Option<String>,
    domain: Option<String>,
    group: Option<NamedGroup>,
}

async fn write(
    app: &App,
    caller: &Permitted<SiteAdmin>,
    organization: i64,
    id: i64,
    change: New,
) -> Answer<Json<Rule>> {
    let tx = app.store().begin().await?;
    let found = rules::lock(&tx, organization, id).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    let mut new = old.clone();
    new.name = change.name.unwrap_or(new.name);
    new.domain = change.domain.unwrap_or(new.domain);
    new.group = change.group.unwrap_or(new.group);
    let changed = rules::change(&tx, id, &new.name, &new.domain, new.group.id, app.now()).await;
    changed.map_err(|fault| refused(fault, new.group.id))?;
    if new.domains.contains(&new.domain) {
        // The first domain is none of the further ones.
        new.domains.retain(|domain| *domain != new.domain);
        rules::set_domains(&tx, id, &new.domains).await?;
    }
    let about = (kind::RULE_CHANGED, record::rule_subject(id));
    let changed = (Some(record::rule(&old)), Some(record::rule(&new)));
    record::commit(app, &**caller, tx, organization, about, changed).await?;
    Ok(Json(new.into()))
}

/// A group that went in the meantime is unknown.
fn refused(fault: Fault, group: i64) -> Error {
    match fault {
        Fault::Dangling(_) => Member::Group.unknown(&group.to_string()).into(),
        fault => fault.into(),
    }
}

/// What a list takes.
pub async fn describe_list(_: Permitted<SiteAdmin>) -> Metadata {
    Metadata::of("Membership Rule List").action("POST", fields())
}

/// What a rule takes, if there is one.
pub async fn describe_instance(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Metadata {
    let found = stored(&app, &caller, &place, &key).await;
    describe::instance("Membership Rule Instance", &found, fields)
}

const NAME: &str = "A description for this assignment rule.";
const DOMAIN: &str = "The learner email domain e.g. \"example.com\".";

fn fields() -> Value {
    json!({
        "id": describe::id(),
        "name": describe::text("Name", true, Some(NAME), 255),
        "domain": describe::text("Domain", true, Some(DOMAIN), 255),
        "group": describe::reference("Group"),
    })
}
