//! Loading role definitions leaves a record of what it takes away.

use provost_app::{Author, Settings, kind};
use provost_authz::policy;
use provost_policy::catalogue::Catalogue;
use provost_store::changes;
use provost_store::rules::{self, Grant};
use serde_json::{Value, json};

use crate::world::each_with;

#[tokio::test]
async fn clearing_the_policy_puts_each_grant_that_goes_on_record() {
    each_with(Settings::default(), async |platform| {
        let app = &platform.world.app;
        platform.give("ada", "library_admin", "lib:BeeU:HIVE").await;
        platform.give("ben", "library_user", "lib:BeeU:*").await;
        let stored = rules::grants(app.store().read(), i64::MIN, 100).await;
        let stored = stored.unwrap();
        let seq = changes::last_seq(app.store().read()).await.unwrap();
        let again = "g, user^ada, role^library_admin, lib^lib:BeeU:HIVE\n\
                     p, role^library_admin, act^x, lib^*, allow\n";
        let wanted = Catalogue::parse(again).unwrap();
        let by = Author::program("test");
        policy::load(app, &by, &wanted, true).await.unwrap();
        let log = changes::since(app.store().read(), seq).await.unwrap();
        let gone: Vec<Value> = log
            .iter()
            .filter(|entry| entry.kind == kind::REVOKED)
            .filter_map(|entry| entry.before.clone())
            .collect();
        let expected: Vec<Value> = stored.iter().map(told).collect();
        assert_eq!(gone, expected);
        let left = rules::grants(app.store().read(), i64::MIN, 100).await;
        let last = log.last().unwrap();
        assert_eq!(
            (last.kind.as_str(), last.after.clone()),
            (kind::GRANTED, left.unwrap().first().map(told))
        );
        assert_eq!(last.org.as_deref(), Some("BeeU"));
    })
    .await;
}

/// A grant as the change log tells it.
fn told(grant: &Grant) -> Value {
    json!({"id": grant.id, "subject": grant.subject, "role": grant.role, "scope": grant.scope})
}
