//! Tenants and everything that is kept about them.

mod answers;
mod configs;
mod deleted;
mod log;
mod organizations;
mod routes;
mod summaries;
mod sync;

use provost_store::tenants::configs::NewConfig;
use provost_store::tenants::{self, Object};
use provost_store::{Store, Tx};
use serde_json::{Value, json};

/// The object that a text is.
fn object(text: &str) -> Object {
    serde_json::from_str(text).unwrap()
}

/// A tenant of this key with nothing in it.
fn bare(external_key: &str) -> NewConfig {
    NewConfig {
        external_key: external_key.to_owned(),
        lms_configs: Object::new(),
        studio_configs: Object::new(),
        theming_configs: Object::new(),
        meta: Object::new(),
    }
}

/// A tenant as it is provisioned: with a name, a platform's name, and a route.
async fn provisioned(tx: &Tx, name: &str, platform: &str) -> i64 {
    let domain = format!("{name}.local.openedx.io");
    let mut new = bare(&domain);
    new.lms_configs
        .insert("PLATFORM_NAME".to_owned(), Value::from(platform));
    new.meta.insert("tenant_name".to_owned(), name.into());
    let id = tenants::configs::create_all(tx, vec![new]).await.unwrap()[0];
    tenants::routes::create_all(tx, &[(domain, id)])
        .await
        .unwrap();
    id
}

/// A tenant that is committed.
async fn committed(store: &Store) -> i64 {
    let tx = store.begin().await.unwrap();
    let id = provisioned(&tx, "talent1", "Talent 1").await;
    tx.commit().await.unwrap();
    id
}

/// Every kind of value, members in an order of their own, and what PostgreSQL's own JSON refuses.
fn odd() -> Value {
    json!({
        "z": [null, true, -0.5, 1e300, i64::MAX, u64::MAX, ""],
        "a\u{0}": "\u{0}",
        "\u{1f980}": {"b": {}, "a": [], "\u{202e}": "\u{feff}' \" \\ $1 ? %_"},
        "": {"": {"": ""}},
    })
}
