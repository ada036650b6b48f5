//! As many tenants as an operator may have.

use provost_testkit::Worlds;
use serde_json::{Value, json};

use super::world::{applied, assert_settled, counts, exported, staff, world};

/// A file of tenants by name; each fifth has a domain of its own, each seventh an organization.
fn file(tenants: usize) -> Value {
    let entry = |number: usize| {
        let mut entry =
            json!({"name": format!("t{number}"), "platform_name": format!("Platform {number}")});
        if number.is_multiple_of(5) {
            let own = format!("www.t{number}.example.org");
            entry["domains"] = json!([format!("t{number}.local.openedx.io"), own]);
        }
        if number.is_multiple_of(7) {
            entry["org_filter"] = json!([format!("Org{number}")]);
        }
        entry
    };
    json!({"tenants": (0..tenants).map(entry).collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_thousand_tenants_come_change_and_go() {
    let worlds = Worlds::sqlite().await;
    let world = world(&worlds).await;
    let staff = staff(&world).await;
    let thousand = file(1_000);
    assert_eq!(
        counts(&applied(&staff, &thousand).await),
        [1_000, 0, 0, 0, 0]
    );
    assert_settled(&staff, &thousand, "applied").await;
    let export = exported(&staff).await;
    assert_eq!(export["tenants"].as_array().unwrap().len(), 1_000);
    assert_settled(&staff, &export, "exported").await;
    let mut other = thousand.clone();
    for tenant in other["tenants"].as_array_mut().unwrap() {
        tenant["theme_name"] = json!("other");
    }
    assert_eq!(counts(&applied(&staff, &other).await), [0, 1_000, 0, 0, 0]);
    let none = json!({"tenants": [], "prune": true});
    assert_eq!(counts(&applied(&staff, &none).await), [0, 0, 1_000, 0, 0]);
}
