//! Profiles of tenants: their groups and domains, resellers, templates, backends, who administers what,
//! and what applications keep of end users.

use super::sheet::OnRemoval::{Cascade, Forget, Refuse};
use super::sheet::{Sheet, sheet};
use crate::{Db, Fault};

pub(super) const NAME: &str = "0005_tenant_profiles";

pub(super) async fn up(db: &Db) -> Result<(), Fault> {
    // An order in which every reference finds its table.
    for sheet in catalogue(db)
        .into_iter()
        .chain([tenants(db), groups(db)])
        .chain(domains(db))
        .chain(people(db))
        .chain(data(db))
    {
        sheet.create(db).await?;
    }
    Ok(())
}

fn catalogue(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "profile_domains")
            .id()
            .texts(&["name", "name_lower"])
            .flags(&["is_default"])
            .unique("name_lower"),
        sheet(db, "profile_resellers")
            .id()
            .texts(&["name", "name_lower", "external_name", "extra_data"])
            .unique("name"),
        sheet(db, "profile_backends")
            .id()
            .texts(&["name", "external_name"])
            .flags(&["is_default"])
            .unique("name")
            .index(&["external_name", "id"]),
        sheet(db, "profile_templates")
            .id()
            .texts(&["category", "name", "description", "data"])
            .unique_together(&["category", "name"]),
    ]
}

fn tenants(db: &Db) -> Sheet {
    sheet(db, "tenant_profiles")
        .id()
        .texts(&["tenant_id", "tenant_id_lower", "kind", "name", "name_lower"])
        .ints(&["default_domain_id"])
        .maybe_ints(&["reseller_id", "backend_id"])
        .flags(&["custom_routing", "tenant_languages"])
        .texts(&["support_email"])
        .texts(&[
            "external_id_1",
            "external_id_2",
            "external_id_3",
            "external_id_4",
        ])
        .texts(&[
            "external_id_1_lower",
            "external_id_2_lower",
            "external_id_3_lower",
            "external_id_4_lower",
        ])
        .texts(&["contact", "address"])
        .unique("tenant_id")
        .unique("tenant_id_lower")
        .index(&["default_domain_id"])
        .index(&["reseller_id"])
        .index(&["backend_id"])
        .refers("default_domain_id", "profile_domains", "id", Refuse)
        .refers("reseller_id", "profile_resellers", "id", Refuse)
        .refers("backend_id", "profile_backends", "id", Refuse)
}

/// A group whose tenant is gone is gone too, though its row may stay for a while: nothing refers to the
/// tenant, so that removing one takes as long however many groups it has.
fn groups(db: &Db) -> Sheet {
    sheet(db, "profile_groups")
        .id()
        .ints(&["profile_id"])
        .texts(&["group_id", "group_id_lower", "name", "name_lower"])
        .ints(&["user_limit"])
        .maybe_ints(&["default_domain_id", "reseller_id"])
        .texts(&["cli_name", "cli_phone_number", "dialing_code", "time_zone"])
        .texts(&["contact", "address"])
        .unique_together(&["profile_id", "group_id"])
        .index(&["default_domain_id"])
        .index(&["reseller_id"])
        .refers("default_domain_id", "profile_domains", "id", Forget)
        .refers("reseller_id", "profile_resellers", "id", Forget)
}

fn domains(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "profile_tenant_domains")
            .ints_key(["profile_id", "domain_id"])
            .index(&["domain_id"])
            .refers("profile_id", "tenant_profiles", "id", Cascade)
            .refers("domain_id", "profile_domains", "id", Refuse),
        sheet(db, "profile_group_domains")
            .ints_key(["group_key", "domain_id"])
            .index(&["domain_id"])
            .refers("group_key", "profile_groups", "id", Cascade)
            .refers("domain_id", "profile_domains", "id", Cascade),
    ]
}

fn people(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "profile_people")
            .int_key("user_id")
            .ints(&["level"])
            .maybe_ints(&["profile_id", "group_key", "reseller_id"])
            .flags(&["multi_as", "read_only"])
            .index(&["profile_id"])
            .index(&["group_key", "level"])
            .index(&["reseller_id"])
            .refers("user_id", "users", "id", Cascade)
            .refers("reseller_id", "profile_resellers", "id", Forget),
        sheet(db, "profile_people_backends")
            .ints_key(["user_id", "backend_id"])
            .ints(&["position"])
            .index(&["backend_id"])
            .refers("user_id", "profile_people", "user_id", Cascade)
            .refers("backend_id", "profile_backends", "id", Cascade),
    ]
}

fn data(db: &Db) -> Vec<Sheet> {
    vec![
        sheet(db, "profile_data")
            .id()
            .ints(&["profile_id", "group_key"])
            .texts(&["tenant_id", "group_id", "username", "application_id", "key"])
            .texts(&["value"])
            .unique_together(&["group_key", "username", "application_id", "key"])
            .index(&["tenant_id", "group_id", "username"])
            .index(&["profile_id", "application_id"]),
        sheet(db, "profile_removals")
            .id()
            .ints(&["profile_id"])
            .texts(&["tenant_id"])
            .maybe_ints(&["group_key"])
            .maybe_texts(&["group_id"])
            .ints(&["removed_at"])
            .index(&["profile_id"])
            .index(&["tenant_id"]),
        sheet(db, "profile_kept")
            .ints(&["removal_id"])
            .texts(&["application_id"])
            .key(&["removal_id", "application_id"])
            .refers("removal_id", "profile_removals", "id", Cascade),
    ]
}
