//! What the API shows of tenants and groups.

use std::collections::BTreeMap;

use provost_store::tenant_profiles::{groups, tenants};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::attributes::Object;

/// An object without members, the answer to what has nothing to say.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Nothing")]
pub(crate) struct Nothing {}

/// The profile of a tenant.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantProfile")]
#[expect(clippy::struct_field_names, reason = "what the API calls them")]
pub(crate) struct Tenant {
    tenant_id: String,
    /// `ServiceProvider` or `Enterprise`.
    r#type: String,
    name: String,
    default_domain: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    support_email: String,
    use_custom_routing_profile: bool,
    use_tenant_languages: bool,
    /// `externalId1` to `externalId4`, where tenant data are switched on.
    #[serde(flatten)]
    external_ids: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reseller_id: Option<String>,
    #[serde(skip_serializing_if = "Object::is_empty")]
    #[schemars(default)]
    contact_information: Object,
    #[serde(skip_serializing_if = "Object::is_empty")]
    #[schemars(default)]
    address_information: Object,
}

/// The names of what others call a tenant.
pub(crate) const EXTERNAL_IDS: [&str; 4] =
    ["externalId1", "externalId2", "externalId3", "externalId4"];

impl Tenant {
    /// What is shown of a tenant, with or without its data.
    pub(crate) fn of(tenant: &tenants::Tenant, tenant_data: bool) -> Self {
        let external = EXTERNAL_IDS.into_iter().zip(tenant.external_ids.clone());
        Self {
            tenant_id: tenant.tenant_id.clone(),
            r#type: tenant.kind.clone(),
            name: tenant.name.clone(),
            default_domain: tenant.default_domain.name.clone(),
            support_email: tenant.support_email.clone(),
            use_custom_routing_profile: tenant.custom_routing,
            use_tenant_languages: tenant.tenant_languages,
            external_ids: external.filter(|_| tenant_data).collect(),
            reseller_id: tenant.reseller.as_ref().map(|named| named.name.clone()),
            contact_information: tenant.contact.clone(),
            address_information: tenant.address.clone(),
        }
    }
}

/// A group of a tenant.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantGroup")]
#[expect(clippy::struct_field_names, reason = "what the API calls them")]
pub(crate) struct Group {
    tenant_id: String,
    group_id: String,
    group_name: String,
    user_limit: i64,
    user_count: i64,
    default_domain: String,
    cli_name: String,
    cli_phone_number: String,
    location_dialing_code: String,
    time_zone: String,
    #[serde(skip_serializing_if = "Object::is_empty")]
    #[schemars(default)]
    contact_information: Object,
    #[serde(skip_serializing_if = "Object::is_empty")]
    #[schemars(default)]
    address_information: Object,
    #[serde(skip_serializing_if = "Option::is_none")]
    reseller_id: Option<String>,
}

impl Group {
    /// What is shown of a group.
    pub(crate) fn of(tenant_id: &str, group: &groups::Group) -> Self {
        let domain = group.default_domain.as_ref();
        Self {
            tenant_id: tenant_id.to_owned(),
            group_id: group.group_id.clone(),
            group_name: group.name.clone(),
            user_limit: group.user_limit,
            user_count: group.user_count,
            default_domain: domain.map(|domain| domain.name.clone()).unwrap_or_default(),
            cli_name: group.cli_name.clone(),
            cli_phone_number: group.cli_phone_number.clone(),
            location_dialing_code: group.dialing_code.clone(),
            time_zone: group.time_zone.clone(),
            contact_information: group.contact.clone(),
            address_information: group.address.clone(),
            reseller_id: group.reseller.as_ref().map(|named| named.name.clone()),
        }
    }
}

/// Something shown, as an object to compare with.
pub(crate) fn object(shown: &impl Serialize) -> Object {
    match serde_json::to_value(shown) {
        Ok(Value::Object(object)) => object,
        // What is shown is an object.
        _ => Object::new(),
    }
}
