use std::sync::Arc;

use provost_store::bulk::{self, Cell};
use serde_json::{Value, json};

use super::*;
use crate::identity::world::{basic, head, token, world};
use crate::{Author, kind};

#[tokio::test]
async fn administrators_are_active_and_staff_by_account_or_by_claim() {
    let world = world(|_| {}).await;
    let claims = |name: &str, administrator: Value| {
        let claims = json!({"preferred_username": name, "administrator": administrator});
        format!("JWT {}", token(&claims))
    };
    let cases = [
        (basic("boss:letmein"), true),
        ("Bearer boss".to_owned(), true),
        (basic("ada:letmein"), false),
        (claims("boss", json!(null)), true),
        (claims("boss", json!(true)), true),
        (claims("boss", json!(false)), false),
        (claims("boss", json!("no")), true),
        (claims("ada", json!(null)), false),
        (claims("ada", json!(true)), true),
        (claims("ada", json!(false)), false),
    ];
    let may = async |authorization: &str| {
        let headers = [("authorization", authorization)];
        let caller = world
            .identity("GET", &headers)
            .await
            .outcome
            .unwrap()
            .unwrap();
        Admin::check(&world.app, &caller, &head("GET", &headers))
    };
    for (authorization, admitted) in &cases {
        let expected = if *admitted {
            Ok(())
        } else {
            Err(Problem::denied())
        };
        assert_eq!(may(authorization).await, expected, "{authorization}");
    }
    let headers = [("authorization", &*basic("boss:letmein"))];
    let before = world.identity("GET", &headers).await.outcome;
    let before = before.unwrap().unwrap();
    // Whoever is retired is no administrator, even by a token that is still good.
    let tx = world.app.store().begin().await.unwrap();
    let retirement = vec![Cell::Int(1), Cell::Int(before.id), Cell::Json(json!({}))];
    let retired = bulk::upsert(&tx, &bulk::tables::RETIREMENTS, vec![retirement]);
    assert!(retired.await.is_ok());
    let entry = Author::program("test").entry(kind::USER_RETIRED, "user^boss");
    world.app.commit(tx, &[entry]).await.unwrap();
    let claims = json!({"administrator": true}).as_object().cloned();
    for claims in [None, claims.map(Arc::new)] {
        let retired = Caller {
            claims,
            ..before.clone()
        };
        let told = Admin::check(&world.app, &retired, &head("GET", &[]));
        assert_eq!(told, Err(Problem::denied()));
    }
}
