use std::sync::Arc;

use http::request::Parts;
use provost_drf::absolute::PublicBase;
use serde_json::json;

use super::*;
use crate::identity::world::{World, head, token, world};

/// What somebody is told at an address.
async fn told(world: &World, caller: Option<&Caller>, parts: &Parts) -> String {
    let told = may_call_tenants(&world.app, caller, &Origin::of(parts)).await;
    match told.map_err(|error| error.0) {
        Ok(()) => "may".to_owned(),
        Err(Problem::Detail { status, text }) => format!("{} {text}", status.as_u16()),
        Err(other) => panic!("{other:?}"),
    }
}

async fn caller(world: &World, authorization: &str) -> Caller {
    let headers = [("authorization", authorization)];
    let identity = world.identity("GET", &headers).await;
    identity.outcome.unwrap().unwrap()
}

fn at(host: &str) -> Parts {
    let mut parts = head("GET", &[]);
    parts.headers.insert("host", host.parse().unwrap());
    parts
}

const NOBODY: &str = "401 Invalid token";
const DENIED: &str = "403 You do not have permission to perform this action.";

#[tokio::test]
async fn staff_may_and_others_only_by_an_application_of_this_address_and_with_the_permission() {
    let world = world(|_| {}).await;
    let [here, elsewhere] = ["testserver", "a.test"].map(at);
    let jwt = |name: &str| format!("JWT {}", token(&json!({"preferred_username": name})));
    let (boss, ada) = (jwt("boss"), jwt("ada"));
    let nobody = async |parts| told(&world, None, parts).await;
    assert_eq!(nobody(&here).await, NOBODY);
    for (authorization, superuser, told_here, told_elsewhere) in [
        (&*boss, false, "may", "may"),
        ("Bearer boss", false, "may", "may"),
        (&*ada, false, NOBODY, NOBODY),
        (&*ada, true, NOBODY, NOBODY),
        ("Bearer ada", false, DENIED, NOBODY),
        ("Bearer ada", true, "may", NOBODY),
    ] {
        let caller = Caller {
            is_superuser: superuser,
            ..caller(&world, authorization).await
        };
        for (parts, expected) in [(&here, told_here), (&elsewhere, told_elsewhere)] {
            let found = told(&world, Some(&caller), parts).await;
            assert_eq!(found, expected, "{authorization} {superuser}");
        }
        let inactive = Caller {
            is_active: false,
            ..caller
        };
        assert_eq!(told(&world, Some(&inactive), &here).await, NOBODY);
    }
}

#[tokio::test]
async fn the_permission_is_the_one_of_this_name_and_of_this_person() {
    let world = world(|_| {}).await;
    let (ada, here) = (caller(&world, "Bearer ada").await, at("testserver"));
    let boss = caller(&world, "Bearer boss").await.id;
    for (user, permission, expected) in [
        (ada.id, "auth.add_user", DENIED),
        (boss, CALL_TENANTS, DENIED),
        (ada.id, CALL_TENANTS, "may"),
    ] {
        let tx = world.app.store().begin().await.unwrap();
        users::permit(&tx, user, permission).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            told(&world, Some(&ada), &here).await,
            expected,
            "{permission}"
        );
    }
    assert_eq!(told(&world, Some(&ada), &at("a.test")).await, NOBODY);
}

#[tokio::test]
async fn an_address_is_the_root_to_the_letter_as_the_client_sees_it() {
    let world = world(|_| {}).await;
    let ada = caller(&world, "Bearer ada").await;
    for (host, base, expected) in [
        ("testserver", None, DENIED),
        ("testserver:8000", None, NOBODY),
        ("TESTSERVER", None, NOBODY),
        ("lms.example.org", None, NOBODY),
        ("a.test", None, NOBODY),
        ("b.test", None, NOBODY),
        ("testserver", Some("https://lms.example.org"), DENIED),
        ("testserver", Some("https://lms.example.org/"), DENIED),
    ] {
        let mut parts = at(host);
        if let Some(base) = base {
            parts.extensions.insert(PublicBase(Arc::from(base)));
        }
        let found = told(&world, Some(&ada), &parts).await;
        assert_eq!(found, expected, "{host} {base:?}");
    }
}
