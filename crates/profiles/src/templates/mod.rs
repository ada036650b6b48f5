//! `configs/templates/`: what new tenants and groups are made like (specification, section 9).

mod actions;
mod category;
pub(crate) mod resources;

pub(crate) use actions::{act_on_group, act_on_tenant};
pub(crate) use category::Category;

use provost_app::Answer;
use provost_store::tenant_profiles::templates::{self, Template};
use serde_json::Value;

use crate::attributes::tenant::TEMPLATE;
use crate::attributes::{Attribute, Object, Values, group, tenant};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// The template that a request names, if it names one.
///
/// # Errors
/// 1008 where its category has none of that name.
pub(crate) async fn named(
    work: &Work<'_>,
    category: Category,
    values: &Values,
) -> Answer<Option<Template>> {
    let Some(name) = values.name(&TEMPLATE) else {
        return Ok(None);
    };
    let found = templates::find(&work.tx, category.name(), name).await?;
    let template = found.ok_or_else(|| {
        let reason = format!("Template '{name}' does not exist in category '{category}'");
        Refusal::of(Code::TemplateNotFound, TEMPLATE.name, reason)
    })?;
    Ok(Some(template))
}

/// Lays what a request says over what the template that it names says, if there is such a template.
pub(crate) async fn complete(
    work: &Work<'_>,
    category: Category,
    object: &mut Object,
) -> Answer<()> {
    let Some(Value::String(name)) = object.get(TEMPLATE.name) else {
        return Ok(());
    };
    let found = templates::find(&work.tx, category.name(), name).await?;
    let said = found
        .as_ref()
        .and_then(|template| template.data.get("attributes"));
    let Some(Value::Object(said)) = said else {
        return Ok(());
    };
    let known: &[Attribute] = match category {
        Category::Tenant => &tenant::OWN,
        Category::Group => &group::OWN,
    };
    for attribute in known {
        if attribute.of(object).is_none()
            && let Some(value) = attribute.of(said)
        {
            object.insert(attribute.name.to_owned(), value.clone());
        }
    }
    Ok(())
}
