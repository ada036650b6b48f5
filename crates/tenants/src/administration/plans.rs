//! `tenants:plan`, `tenants:apply` and `tenants:export`: tenants as code.

use axum::extract::{RawQuery, State};
use http::StatusCode;
use provost_app::{Answer, App, Error, Staff};
use provost_drf::{Invalid, Json, Payload, Permitted, Problem, Unread, query_pairs};
use provost_tenancy::{Entry, File, Plan, Settings, Wrong};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::code::{self, Manner, Refused};

/// What to plan for.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "TenantPlanRequest")]
#[expect(dead_code, reason = "what the document says; a file has its own rules")]
pub struct PlanAsk {
    /// The tenants there are to be.
    tenants: Vec<Entry>,
    /// Whether tenants that are not among them go; they stay unless this says so.
    #[schemars(default)]
    prune: bool,
}

/// What to do.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "TenantApplyRequest")]
#[expect(dead_code, reason = "what the document says; a file has its own rules")]
pub struct ApplyAsk {
    /// The tenants there are to be.
    tenants: Vec<Entry>,
    /// Whether tenants that are not among them go; they stay unless this says so.
    #[schemars(default)]
    prune: bool,
    /// The digest of a plan: do this one and no other.
    digest: Option<String>,
}

/// What would be done.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantPlanned")]
pub struct Planned {
    /// A name of the plan, for applying this one and no other.
    digest: String,
    #[serde(flatten)]
    plan: Plan,
}

/// What was done.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantsApplied")]
pub struct Applied {
    /// The tenants that were made, in the order of the plan.
    created: Vec<Created>,
    #[serde(flatten)]
    planned: Planned,
}

/// A tenant that was made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantCreated")]
pub struct Created {
    id: i64,
    /// Its name, or else its key.
    label: String,
}

impl From<Plan> for Planned {
    fn from(plan: Plan) -> Self {
        Self {
            digest: plan.digest(),
            plan,
        }
    }
}

impl From<code::Applied> for Applied {
    fn from(applied: code::Applied) -> Self {
        let created = applied.created.into_iter().zip(&applied.plan.create);
        let created = created.map(|(id, desired)| Created {
            id,
            label: desired.label.clone(),
        });
        Self {
            created: created.collect(),
            planned: applied.plan.into(),
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Wrong(wrong) => invalid(wrong).into(),
            Refused::Differs => {
                let text = "What would be done now is another plan: nothing was done.";
                Problem::detail(StatusCode::PRECONDITION_FAILED, text).into()
            }
            Refused::Fault(fault) => fault.into(),
        }
    }
}

/// See what a file of tenants would do. Nothing is done.
pub async fn plan(
    State(app): State<App>,
    _staff: Permitted<Staff>,
    RawQuery(asked): RawQuery,
    body: Unread<PlanAsk>,
) -> Answer<Json<Planned>> {
    refuse_parameters(asked.as_deref())?;
    let ask = Ask::read(&app.settings().tenants, &body.decode().await?, &["prune"])?;
    let plan = code::plan(&app, &ask.file, ask.prune).await?;
    Ok(Json(plan.into()))
}

/// Make the tenants those of a file: all of it, or nothing.
pub async fn apply(
    State(app): State<App>,
    staff: Permitted<Staff>,
    RawQuery(asked): RawQuery,
    body: Unread<ApplyAsk>,
) -> Answer<Json<Applied>> {
    refuse_parameters(asked.as_deref())?;
    let known = &["prune", "digest"];
    let ask = Ask::read(&app.settings().tenants, &body.decode().await?, known)?;
    let manner = Manner {
        prune: ask.prune,
        digest: ask.digest.as_deref(),
    };
    let applied = code::apply(&app, &*staff, &ask.file, manner).await?;
    Ok(Json(applied.into()))
}

/// The tenants there are, as a file that has nothing to do.
pub async fn export(State(app): State<App>, _staff: Permitted<Staff>) -> Answer<Json<File>> {
    Ok(Json(code::export(&app).await?))
}

/// What is to be tried must not be done because it was said in the wrong place.
fn refuse_parameters(asked: Option<&str>) -> Result<(), Invalid> {
    let asked = query_pairs(asked.unwrap_or_default());
    let mut unknown = asked.into_iter().filter(|(name, _)| name != "format");
    match unknown.next() {
        Some((name, _)) => Err(Invalid::field(name, "There is no such parameter.")),
        None => Ok(()),
    }
}

/// A body that was read.
struct Ask {
    file: File,
    prune: bool,
    digest: Option<String>,
}

impl Ask {
    /// Reads a body whose members are a file's and these; everything that is wrong at once.
    fn read(settings: &Settings, body: &Payload, known: &[&str]) -> Result<Self, Invalid> {
        let Value::Object(mut members) = body.as_value().clone() else {
            return Err(Invalid::not_a_dictionary(body.as_value()));
        };
        let mut wrong = Vec::new();
        members.retain(|name, _| {
            let is_known = name == "tenants" || known.contains(&name.as_str());
            if !is_known {
                wrong.push(Invalid::field(name.clone(), "There is no such field."));
            }
            is_known
        });
        let prune = take(
            &mut members,
            "prune",
            Value::as_bool,
            "Must be a valid boolean.",
        );
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let digest = take(&mut members, "digest", text, "Not a valid string.");
        let file = File::from_value(settings, members.into()).map_err(invalid);
        match (prune, digest, file) {
            (Ok(prune), Ok(digest), Ok(file)) if wrong.is_empty() => Ok(Self {
                file,
                prune: prune.unwrap_or_default(),
                digest,
            }),
            (prune, digest, file) => {
                wrong.extend(
                    [prune.err(), digest.err(), file.err()]
                        .into_iter()
                        .flatten(),
                );
                Err(joined(wrong))
            }
        }
    }
}

/// Takes a member out; nothing where it is absent.
fn take<T>(
    members: &mut Map<String, Value>,
    name: &'static str,
    read: impl FnOnce(&Value) -> Option<T>,
    sentence: &'static str,
) -> Result<Option<T>, Invalid> {
    match members.shift_remove(name) {
        None => Ok(None),
        Some(value) => match read(&value) {
            None => Err(Invalid::field(name, sentence)),
            read => Ok(read),
        },
    }
}

/// What is wrong with a file, each thing under its path.
fn invalid(wrong: Vec<Wrong>) -> Invalid {
    let wrong = wrong.into_iter().map(|wrong| {
        if wrong.path.is_empty() {
            Invalid::non_field(wrong.why)
        } else {
            Invalid::field(wrong.path, wrong.why)
        }
    });
    joined(wrong.collect())
}

fn joined(all: Vec<Invalid>) -> Invalid {
    let joined = all.into_iter().reduce(|mut all, next| {
        all.extend(next);
        all
    });
    joined.unwrap_or_else(|| Invalid::non_field("The file cannot be followed."))
}
