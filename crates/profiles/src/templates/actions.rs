//! What a template does once its tenant or group is there (specification, section 9.3).
//!
//! Invariant: an action that fails undoes all that the request did.

use http::StatusCode;
use provost_app::{Answer, Error};
use provost_drf::Problem;
use provost_store::tenant_profiles::groups::Group;
use provost_store::tenant_profiles::templates::Template;
use provost_store::tenant_profiles::tenants::Tenant;
use serde_json::Value;

use crate::actor::Actor;
use crate::domains::{give_to_group, give_to_tenant};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

const TENANT_DOMAINS: &str = "tenant_assign_domains";
const GROUP_DOMAINS: &str = "group_assign_domains";

/// Does what a template of tenants says.
///
/// # Errors
/// 1009 where an action fails.
pub(crate) async fn act_on_tenant(
    work: &mut Work<'_>,
    actor: &Actor,
    template: &Template,
    tenant: &Tenant,
) -> Answer<()> {
    for (action, data) in actions(template) {
        let done = match action {
            TENANT_DOMAINS => {
                let giving = async { give_to_tenant(work, tenant, &domains(data)?).await };
                giving.await
            }
            GROUP_DOMAINS => give_named_group(work, actor, tenant, data).await,
            _ => {
                skip(template, action);
                Ok(())
            }
        };
        done.map_err(|error| failed(action, error))?;
    }
    Ok(())
}

/// Does what a template of groups says.
///
/// # Errors
/// 1009 where an action fails.
pub(crate) async fn act_on_group(
    work: &mut Work<'_>,
    template: &Template,
    tenant: &Tenant,
    group: &Group,
) -> Answer<()> {
    for (action, data) in actions(template) {
        if action != GROUP_DOMAINS {
            skip(template, action);
            continue;
        }
        let giving = async { give_to_group(work, tenant, group, &domains(data)?).await };
        giving.await.map_err(|error| failed(action, error))?;
    }
    Ok(())
}

/// The actions of a template, in order, each with its data.
fn actions(template: &Template) -> impl Iterator<Item = (&str, &Value)> {
    let listed = template.data.get("actions").and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(|action| {
        let name = action.get("action")?.as_str()?;
        Some((name, action.get("data").unwrap_or(&Value::Null)))
    })
}

/// Nobody here knows the action.
fn skip(template: &Template, action: &str) {
    tracing::warn!(
        template.name = template.name,
        action,
        "an action of a template is not known here, and was skipped"
    );
}

fn domains(data: &Value) -> Result<Vec<String>, Refusal> {
    let listed = data.get("domains").and_then(Value::as_array);
    let names = listed.and_then(|names| {
        let names = names.iter().map(|name| name.as_str().map(str::to_owned));
        names.collect::<Option<Vec<_>>>()
    });
    names.ok_or_else(|| {
        let reason = "Parameter 'domains' must be a list of texts";
        Refusal::of(Code::Invalid, "domains", reason)
    })
}

async fn give_named_group(
    work: &mut Work<'_>,
    actor: &Actor,
    tenant: &Tenant,
    data: &Value,
) -> Answer<()> {
    let names = domains(data)?;
    let group_id = data.get("groupId").and_then(Value::as_str);
    let group_id = group_id.ok_or_else(|| Refusal::missing("groupId"))?;
    let found = actor.group_of(&work.tx, tenant, group_id).await?;
    let group = found.ok_or_else(|| {
        let reason = format!("Group '{group_id}' does not exist");
        Refusal::of(Code::Invalid, "groupId", reason)
    })?;
    give_to_group(work, tenant, &group, &names).await
}

/// What was refused inside becomes the reasons of an action that failed; any other failure stays one.
fn failed(action: &str, error: Error) -> Error {
    let Problem::Body { status, body } = &error.0 else {
        return error;
    };
    if *status != StatusCode::BAD_REQUEST {
        return error;
    }
    let errors = body.get("errors").and_then(Value::as_array);
    let reasons = errors.into_iter().flatten();
    let reasons: Vec<String> = reasons
        .filter_map(|error| error.get("message")?.as_str().map(str::to_owned))
        .collect();
    let reason = format!("Action '{action}' failed: {}", reasons.join("; "));
    Refusal::new(Code::TemplateActionFailed, reason)
        .because(reasons)
        .into()
}
