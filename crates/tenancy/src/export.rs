//! The tenants there are, as a file.

use serde_json::{Map, Value};

use crate::file::{Entry, File, GENERATED, Keyed, Named, RECORDS, pointer};
use crate::names::MOST_ORGANIZATIONS;
use crate::names::{is_organization, is_platform_name, is_theme};
use crate::plan::{Known, Present, provisioned, same_texts};
use crate::{Generated, Settings, organization_filter};

type Object = Map<String, Value>;

/// Writes down the tenants there are, in their order: [`plan`](crate::plan()) finds nothing to do for it.
///
/// A tenant stands there by name, and says only how it differs from what provisioning generates, if it
/// has the key that provisioning gives to its name, no other tenant has that key, and its names of
/// platform and theme could be asked for. Every other tenant stands there by its key, complete.
#[must_use]
pub fn export(settings: &Settings, present: &[Present]) -> File {
    let known = Known::new(settings, present);
    let entries = present.iter().map(|tenant| {
        let named = by_name(settings, &known, tenant);
        named.map_or_else(|| by_key(&known, tenant), Entry::Named)
    });
    File {
        tenants: entries.collect(),
    }
}

fn by_key(known: &Known<'_>, tenant: &Present) -> Entry {
    Entry::Keyed(Keyed {
        external_key: tenant.external_key.clone(),
        id: (!known.is_alone(tenant)).then_some(tenant.id),
        domains: tenant.domains.clone(),
        organizations: linked(tenant),
        lms_configs: tenant.lms_configs.clone(),
        studio_configs: tenant.studio_configs.clone(),
        theming_configs: tenant.theming_configs.clone(),
        meta: tenant.meta.clone(),
    })
}

/// The organizations linked to a tenant, if its filter does not say them.
fn linked(tenant: &Present) -> Option<Vec<String>> {
    let filtered = organization_filter(&tenant.lms_configs);
    let follows = filtered.is_ok_and(|names| same_texts(&names, &tenant.organizations));
    (!follows).then(|| tenant.organizations.clone())
}

fn by_name(settings: &Settings, known: &Known<'_>, tenant: &Present) -> Option<Named> {
    let name = known.name(tenant)?;
    let text = |member: &str, is_fit: fn(&str) -> bool| {
        let text = tenant.lms_configs.get(member)?.as_str()?;
        is_fit(text).then(|| text.to_owned())
    };
    let mut named = Named {
        name: name.to_string(),
        platform_name: text("PLATFORM_NAME", is_platform_name)?,
        theme_name: Some(text("THEME_NAME", is_theme)?),
        org_filter: organizations_shown(&tenant.lms_configs).unwrap_or_default(),
        organizations: linked(tenant),
        ..Named::default()
    };
    let generated = provisioned(settings, &named)?;
    lay(&mut named, &generated, tenant);
    let notes = tenant.meta.iter();
    let notes = notes.filter(|(member, _)| !RECORDS.contains(&member.as_str()));
    named.meta = notes
        .map(|(member, value)| (member.clone(), value.clone()))
        .collect();
    let as_generated = same_texts(&generated.domains, &tenant.domains);
    named.domains = (!as_generated).then(|| tenant.domains.clone());
    Some(named)
}

/// Says of every column how it differs from what is generated.
fn lay(named: &mut Named, generated: &Generated, tenant: &Present) {
    let unset = &mut named.unset;
    let mut over = |column, generated, present| {
        let at = pointer::child("", column);
        overlay(&at, generated, present, unset)
    };
    let [lms, studio, theming] = GENERATED;
    named.lms_configs = over(lms, &generated.lms_configs, &tenant.lms_configs);
    named.studio_configs = over(studio, &generated.studio_configs, &tenant.studio_configs);
    named.theming_configs = over(theming, &generated.theming_configs, &tenant.theming_configs);
}

/// The filter of a tenant, if it could be asked for as it is.
fn organizations_shown(lms_configs: &Object) -> Option<Vec<String>> {
    let names = lms_configs.get("course_org_filter")?.as_array()?;
    let is_fit = |name: &&str| is_organization(name);
    let fit: Option<Vec<&str>> = names
        .iter()
        .map(|name| name.as_str().filter(is_fit))
        .collect();
    let fit = fit.filter(|fit| fit.len() <= MOST_ORGANIZATIONS)?;
    Some(fit.into_iter().map(str::to_owned).collect())
}

/// What has to be laid over `generated` to make it `present`; what has to be taken out of it before is
/// added to `unset`.
fn overlay(at: &str, generated: &Object, present: &Object, unset: &mut Vec<String>) -> Object {
    let gone = generated
        .keys()
        .filter(|member| !present.contains_key(*member));
    unset.extend(gone.map(|member| pointer::child(at, member)));
    let mut over = Object::new();
    for (member, value) in present {
        let value = match (generated.get(member), value) {
            (Some(Value::Object(generated)), Value::Object(present)) => {
                let at = pointer::child(at, member);
                let inner = overlay(&at, generated, present, unset);
                if inner.is_empty() {
                    continue;
                }
                Value::Object(inner)
            }
            (Some(generated), value) if generated == value => continue,
            (_, value) => value.clone(),
        };
        over.insert(member.clone(), value);
    }
    over
}
