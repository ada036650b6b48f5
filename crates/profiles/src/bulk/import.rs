//! Taking in lines.

use provost_app::{Answer, App, Author, Error};
use provost_drf::Problem;
use provost_store::Fault;
use provost_store::tenant_profiles::{domains, tenants as store};
use serde::Serialize;
use serde_json::{Value, json};

use super::{BACKEND, DOMAIN, DOMAINS, GROUPS, RESELLER, TENANT, groups};
use crate::actor::Actor;
use crate::administration::backends;
use crate::attributes::kind::Check::{Any, Domain};
use crate::attributes::{self as all, Attribute, Deed, Kind, Object, Rule, tenant as attributes};
use crate::domains::{give_to_tenant, make, set_default};
use crate::resellers;
use crate::tenants::{create, update};
use crate::work::Work;

/// What came of a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Done {
    /// What the line is, as far as that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// What it is about, as far as that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What was done.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What was done with a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Something new is there.
    Created,
    /// Something that was there is otherwise now.
    Changed,
    /// Everything was so already.
    Unchanged,
    /// Nothing was done.
    Refused {
        /// Why, as the API says it.
        errors: Vec<Value>,
    },
}

/// Carries out one line.
///
/// # Errors
/// The database failed; nothing of the line is then done.
pub async fn import(app: &App, by: &Author, line: &[u8]) -> Result<Done, Fault> {
    let (kind, object) = match read(line) {
        Ok(read) => read,
        Err(why) => {
            let errors = vec![json!({"message": why})];
            return Ok(Done {
                kind: None,
                id: None,
                outcome: Outcome::Refused { errors },
            });
        }
    };
    let id = ["tenantId", "name"].map(|member| object.get(member)?.as_str());
    let id = id.into_iter().flatten().next().map(str::to_owned);
    let actor = Actor::program(app, by.clone());
    let outcome = match carry_out(app, &actor, kind, object).await {
        Ok(outcome) => outcome,
        Err(Error(problem)) => Outcome::Refused {
            errors: errors(problem)?,
        },
    };
    Ok(Done {
        kind: Some(kind),
        id,
        outcome,
    })
}

/// What a line is, and what it says. Files from some systems begin with a mark of their byte order.
fn read(line: &[u8]) -> Result<(&'static str, Object), String> {
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let read: Result<Object, _> = serde_json::from_slice(line);
    let object = read.map_err(|error| {
        let (place, text) = (error.column(), error.to_string());
        let why = text.split(" at line").next().unwrap_or_default();
        format!("The line is no JSON object: {why}, at byte {place}")
    })?;
    let wants =
        "The line must have one member, 'backend', 'domain', 'reseller' or 'tenant', an object";
    let mut members = object.into_iter();
    let (Some((name, Value::Object(said))), None) = (members.next(), members.next()) else {
        return Err(wants.to_owned());
    };
    let mut kinds = [BACKEND, DOMAIN, RESELLER, TENANT].into_iter();
    let kind = kinds.find(|kind| *kind == name);
    Ok((kind.ok_or(wants)?, said))
}

/// What a problem says to whoever sent the line.
fn errors(problem: Problem) -> Result<Vec<Value>, Fault> {
    match problem {
        Problem::Body { body, .. } => match body.get("errors") {
            Some(Value::Array(errors)) => Ok(errors.clone()),
            _ => Ok(vec![body.as_ref().clone()]),
        },
        // The database is busy, or away: the lines that follow would fare no better.
        Problem::Detail { status, .. } if status.is_server_error() => Err(Fault::Busy),
        Problem::Detail { text, .. } => Ok(vec![json!({"message": text})]),
        _ => Ok(vec![json!({"message": "It failed; the log says why."})]),
    }
}

async fn carry_out(
    app: &App,
    actor: &Actor,
    kind: &'static str,
    object: Object,
) -> Answer<Outcome> {
    if kind == BACKEND {
        return backend(app, actor, &object).await;
    }
    let mut work = Work::begin(app, actor).await?;
    let is_new = match kind {
        DOMAIN => domain(&mut work, &object).await?,
        RESELLER => resellers::put(&mut work, &object).await?,
        _ => tenant(&mut work, actor, object).await?,
    };
    let outcome = match (is_new, work.has_changes()) {
        (true, _) => Outcome::Created,
        (false, true) => Outcome::Changed,
        (false, false) => Outcome::Unchanged,
    };
    work.commit().await?;
    Ok(outcome)
}

const NAME: Attribute = Attribute::new("name", Kind::Text(1, 80, Any))
    .rules(Rule::Required, Rule::Required)
    .lasting();
const DOMAIN_NAME: Attribute = Attribute::new("name", Kind::Text(1, 80, Domain))
    .rules(Rule::Required, Rule::Required)
    .lasting();
const EXTERNAL_NAME: Attribute = Attribute::new("externalName", Kind::Text(0, 80, Any));
const DEFAULT: Attribute = Attribute::new("default", Kind::Flag).lasting();
/// Every name of a list, which is looked up where it is used.
const NAMES: Attribute = Attribute::new(DOMAINS, Kind::List(1, 80, Any)).lasting();

fn values(table: &[Attribute], object: &Object) -> Answer<all::Values> {
    all::read(table, Deed::Create, object, &Object::new())
}

async fn backend(app: &App, actor: &Actor, object: &Object) -> Answer<Outcome> {
    let values = values(&[NAME, EXTERNAL_NAME, DEFAULT], object)?;
    let wanted = backends::Wanted {
        name: values.text(&NAME).unwrap_or_default(),
        external_name: values.text(&EXTERNAL_NAME),
        default: values.flag(&DEFAULT),
    };
    let (came, _) = backends::put(app, actor.by.clone(), wanted).await?;
    Ok(match came {
        backends::Put::Created => Outcome::Created,
        backends::Put::Changed => Outcome::Changed,
        backends::Put::Unchanged => Outcome::Unchanged,
    })
}

async fn domain(work: &mut Work<'_>, object: &Object) -> Answer<bool> {
    let values = values(&[DOMAIN_NAME, DEFAULT], object)?;
    let name = values.text(&DOMAIN_NAME).unwrap_or_default();
    let known = domains::named(&work.tx, &[name]).await?.pop();
    let is_new = known.is_none();
    let domain = match known {
        Some(known) => known,
        None => make(work, name).await?,
    };
    if values.flag(&DEFAULT) == Some(true) {
        set_default(work, &domain).await?;
    }
    Ok(is_new)
}

async fn tenant(work: &mut Work<'_>, actor: &Actor, mut object: Object) -> Answer<bool> {
    let beside: Object = [DOMAINS, GROUPS]
        .into_iter()
        .filter_map(|name| object.remove_entry(name))
        .collect();
    let given = values(&[NAMES], &beside)?;
    let id = attributes::TENANT_ID.of(&object).and_then(Value::as_str);
    let known = store::find(&work.tx, id.unwrap_or_default()).await?;
    let is_new = known.is_none();
    let on_none = object.get(attributes::BACKEND.name) == Some(&Value::Null);
    if on_none {
        object.shift_remove(attributes::BACKEND.name);
    }
    let mut tenant = match known {
        Some(known) => update::change(work, actor, known, &object).await?,
        None => create::make(work, actor, object).await?,
    };
    if on_none {
        tenant = update::without_backend(work, tenant).await?;
    }
    give_to_tenant(work, &tenant, given.list(&NAMES)).await?;
    let listed = groups::listed(&beside)?;
    groups::put(work, actor, &tenant, listed).await?;
    Ok(is_new)
}
