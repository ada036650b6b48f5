//! `rules/`: which group people are put into by the domain of their mail address.

use std::borrow::Cow;
use std::collections::HashSet;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use provost_app::identity::secret::digest;
use provost_app::{Answer, App, Error, kind};
use provost_drf::describe::{self, GenContext, Operation, OperationOutput, Responses};
use provost_drf::{
    Batch, Body, Flag, IfMatch, Integer, Invalid, Json, KeysetPage, NoContent, Optional, Path,
    Problem, Query, Tagged, Text,
};
use provost_store::course_access::rules as store;
use provost_store::{Fault, Tx};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use super::Keys;
use super::matching::{compile, each_moved};
use super::scope::{Admin, Row, after, unknown_group};
use crate::domains::Pattern;
use crate::record;
use crate::wire::{GroupRef, PersonRef};

/// People of a plan that are named.
const NAMED: usize = 1_000;

/// A rule.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DomainsRule")]
pub struct Rule {
    id: i64,
    name: String,
    /// The domains of mail addresses; `*.` stands for any subdomain at any depth.
    domains: Vec<String>,
    group: GroupRef,
}

impl From<store::Rule> for Rule {
    fn from(row: store::Rule) -> Self {
        let mut domains = vec![row.domain];
        domains.extend(row.domains);
        Self {
            id: row.id,
            name: row.name,
            domains,
            group: row.group.into(),
        }
    }
}

/// A rule with its tag, which changes with whatever is shown of it.
fn tagged<const STATUS: u16>(rule: store::Rule) -> Tagged<STATUS, Rule> {
    Tagged {
        tag: tag(&rule),
        body: rule.into(),
    }
}

fn tag(rule: &store::Rule) -> String {
    let shown = format!("{} {}", record::rule(rule), rule.group.name);
    format!("\"{}\"", digest(&shown))
}

/// The domains of a rule, in the order they were given in: at least one, each once.
pub(super) struct Domains(Vec<String>);

/// The most domains of a rule.
const MOST: usize = 100;

impl Deserr<Invalid> for Domains {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let Batch(all) = Batch::<Pattern, MOST>::deserialize_from_value(value, location)?;
        let mut seen = HashSet::new();
        let once = all.into_iter().map(|Pattern(domain)| domain);
        let domains: Vec<_> = once.filter(|domain| seen.insert(domain.clone())).collect();
        if domains.is_empty() {
            return Err(Invalid::at(location, "This list may not be empty."));
        }
        Ok(Self(domains))
    }
}

impl JsonSchema for Domains {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Domains".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Batch::<Pattern, MOST>::json_schema(generator);
        schema.insert("minItems".to_owned(), 1.into());
        schema
    }
}

/// The body of making a rule.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid, deny_unknown_fields)]
#[schemars(rename = "NewDomainsRule")]
pub struct Write {
    name: Text<255>,
    /// The domains of mail addresses; `*.` stands for any subdomain at any depth.
    domains: Domains,
    /// Key of a group of the organization.
    group: Integer,
}

/// The body of changing a rule.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid, deny_unknown_fields)]
#[schemars(rename = "ChangedDomainsRule")]
pub struct Change {
    #[deserr(default)]
    name: Optional<Text<255>>,
    /// All domains of mail addresses; `*.` stands for any subdomain at any depth.
    #[deserr(default)]
    domains: Optional<Domains>,
    /// Key of a group of the organization.
    #[deserr(default)]
    group: Optional<Integer>,
}

/// What is asked beside the body.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct CreateQuery {
    /// Store nothing, and say whom the rule would move.
    #[deserr(default)]
    dry_run: Optional<Flag>,
}

/// Whom a rule would move.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Plan {
    /// How many people.
    count: u64,
    /// The first thousand of them, in the order of their keys.
    people: Vec<PersonRef>,
}

/// What came of a rule: it was made, or would do this.
pub enum Made {
    /// It was made.
    Rule(Box<Tagged<201, Rule>>),
    /// It would do this.
    Plan(Json<Plan>),
}

impl IntoResponse for Made {
    fn into_response(self) -> Response {
        match self {
            Self::Rule(rule) => rule.into_response(),
            Self::Plan(plan) => plan.into_response(),
        }
    }
}

impl OperationOutput for Made {
    type Inner = Rule;

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        let mut all = Tagged::<201, Rule>::inferred_responses(context, operation);
        all.extend(describe::json::<Plan>(
            context,
            200,
            "What the rule would do",
        ));
        all
    }
}

/// Rules of the organization's groups, oldest first.
pub async fn list(State(app): State<App>, admin: Admin, keys: Keys) -> Answer<KeysetPage<Rule>> {
    let (db, limit) = (app.store().read(), keys.one_more());
    let found = store::after(db, admin.organization, after(&keys)?, limit).await?;
    let rows = found.into_iter().map(Rule::from).collect();
    Ok(keys.cut(rows, |rule: &Rule| rule.id.to_string()))
}

/// One rule.
pub async fn retrieve(
    State(app): State<App>,
    admin: Admin,
    Path(row): Path<Row>,
) -> Answer<Tagged<200, Rule>> {
    let found = store::find(app.store().read(), admin.organization, row.id).await?;
    Ok(tagged(found.ok_or_else(Problem::not_found)?))
}

/// Make a rule, or say what it would do. It touches nobody who is there already.
pub async fn create(
    State(app): State<App>,
    admin: Admin,
    Query(query): Query<CreateQuery>,
    Body(ask): Body<Write>,
) -> Answer<Made> {
    let mut rule = wanted(&app, &admin, ask).await?;
    if query.dry_run.is_some_and(|dry_run| dry_run.0) {
        return Ok(Made::Plan(Json(plan(&app, &admin, rule).await?)));
    }
    let tx = app.store().begin().await?;
    let (group, now) = (rule.group.id, app.now());
    let id = store::create(&tx, &rule.name, &rule.domain, &rule.domains, group, now).await;
    rule.id = id.map_err(|fault| refusal(fault, group))?;
    let about = (kind::RULE_CREATED, record::rule_subject(rule.id));
    let changed = (None, Some(record::rule(&rule)));
    record::commit(&app, &*admin, tx, admin.organization, about, changed).await?;
    Ok(Made::Rule(Box::new(tagged(rule))))
}

/// Change parts of a rule. It touches nobody who is there already.
pub async fn partial_update(
    State(app): State<App>,
    admin: Admin,
    Path(row): Path<Row>,
    seen: IfMatch,
    Body(ask): Body<Change>,
) -> Answer<Tagged<200, Rule>> {
    let rule = write(&app, &admin, row.id, &seen, ask).await?;
    Ok(tagged(rule))
}

/// Remove a rule. The memberships that it made stay.
pub async fn destroy(
    State(app): State<App>,
    admin: Admin,
    Path(row): Path<Row>,
    seen: IfMatch,
) -> Answer<NoContent> {
    let tx = app.store().begin().await?;
    let found = store::lock(&tx, admin.organization, row.id).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    seen.check(&tag(&old))?;
    store::remove(&tx, old.id).await?;
    let about = (kind::RULE_DELETED, record::rule_subject(old.id));
    let changed = (Some(record::rule(&old)), None);
    record::commit(&app, &*admin, tx, admin.organization, about, changed).await?;
    Ok(NoContent)
}

/// Whom the rule would move if everybody were evaluated now.
pub async fn matches(
    State(app): State<App>,
    admin: Admin,
    Path(row): Path<Row>,
    keys: Keys,
) -> Answer<KeysetPage<PersonRef>> {
    let all = store::of_organization(app.store().read(), admin.organization).await?;
    let here = all.iter().any(|rule| rule.id == row.id);
    here.then_some(()).ok_or_else(Problem::not_found)?;
    let (rules, mut left, mut people) = (compile(&app, all), keys.one_more(), Vec::new());
    each_moved(
        &app,
        admin.organization,
        (&rules, row.id),
        after(&keys)?,
        |person| {
            people.push(PersonRef::from(person));
            left = left.saturating_sub(1);
            left > 0
        },
    )
    .await?;
    Ok(keys.cut(people, |person: &PersonRef| person.id().to_string()))
}

/// The rule that a body describes; it has the greatest key there can be, as new ones do.
async fn wanted(app: &App, admin: &Admin, ask: Write) -> Answer<store::Rule> {
    let group = admin.group(app.store().read(), ask.group.0).await?;
    let mut domains = ask.domains.0.into_iter();
    Ok(store::Rule {
        id: i64::MAX,
        name: ask.name.into_string(),
        domain: domains.next().unwrap_or_default(),
        domains: domains.collect(),
        group: group.ok_or_else(|| unknown_group(ask.group.0))?,
    })
}

async fn plan(app: &App, admin: &Admin, rule: store::Rule) -> Result<Plan, Fault> {
    let mut all = store::of_organization(app.store().read(), admin.organization).await?;
    let id = rule.id;
    all.push(rule);
    let (rules, mut plan) = (compile(app, all), Plan::default());
    each_moved(app, admin.organization, (&rules, id), i64::MIN, |person| {
        plan.count += 1;
        if plan.people.len() < NAMED {
            plan.people.push(person.into());
        }
        true
    })
    .await?;
    Ok(plan)
}

async fn write(
    app: &App,
    admin: &Admin,
    id: i64,
    seen: &IfMatch,
    ask: Change,
) -> Answer<store::Rule> {
    let tx = app.store().begin().await?;
    let found = store::lock(&tx, admin.organization, id).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    seen.check(&tag(&old))?;
    let new = changed(&tx, admin, &old, ask).await?;
    if new == old {
        return Ok(old);
    }
    let (group, now) = (new.group.id, app.now());
    let written = store::change(&tx, id, &new.name, &new.domain, group, now).await;
    written.map_err(|fault| refusal(fault, group))?;
    if new.domains != old.domains {
        store::set_domains(&tx, id, &new.domains).await?;
    }
    let about = (kind::RULE_CHANGED, record::rule_subject(id));
    let changed = (Some(record::rule(&old)), Some(record::rule(&new)));
    record::commit(app, &**admin, tx, admin.organization, about, changed).await?;
    Ok(new)
}

/// What becomes of a rule.
async fn changed(tx: &Tx, admin: &Admin, old: &store::Rule, ask: Change) -> Answer<store::Rule> {
    let mut new = old.clone();
    if let Some(name) = ask.name.0 {
        new.name = name.into_string();
    }
    if let Some(Domains(domains)) = ask.domains.0 {
        let mut domains = domains.into_iter();
        new.domain = domains.next().unwrap_or_default();
        new.domains = domains.collect();
    }
    if let Some(Integer(group)) = ask.group.0 {
        let found = admin.group(tx, group).await?;
        new.group = found.ok_or_else(|| unknown_group(group))?;
    }
    Ok(new)
}

/// The group may go while it is asked for.
fn refusal(fault: Fault, group: i64) -> Error {
    match fault {
        Fault::Dangling(_) => unknown_group(group).into(),
        fault => fault.into(),
    }
}
