//! A large organization that is held against many rules, from the request that asks for it to the last person.

use std::time::{Duration, Instant};

use http::StatusCode;
use provost_store::Store;
use provost_store::bulk::{self, Cell, tables};
use serde_json::{Value, json};

use crate::call::{Call, answered};
use crate::platform::{Platform, SUPERUSER, key, long_ago, organization, put, text, user};

pub const PEOPLE: u64 = 100_000;
const RULES: u64 = 1_000;
const GROUPS: u64 = 100;
/// Further domains of each rule; the last of them is a wildcard.
const DOMAINS: u64 = 3;

/// How long it takes, on a platform that is made for it. Two of three people come into a group.
pub async fn takes() -> Duration {
    let platform = Platform::with(PEOPLE, async |store| fill(store).await).await;
    let token = platform.token(SUPERUSER).await;
    let base = "/api/provost/v1/course-access/organizations/Org0/evaluations/";
    let post = Call::post(base, &token, &json!({}));
    let started = Instant::now();
    let begun = answered(&platform.router, post.request(), StatusCode::ACCEPTED).await;
    let begun: Value = serde_json::from_slice(&begun).unwrap();
    let ask = Call::get(&format!("{base}{}/", begun["id"]), &token);
    loop {
        let found: Value = serde_json::from_slice(&ask.of(&platform.router).await).unwrap();
        if found["state"] == "finished" {
            assert!(found["joined"].as_u64() > Some(PEOPLE / 2), "{found}");
            return started.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn fill(store: &Store) {
    let tx = store.begin().await.unwrap();
    put(&tx, &tables::USERS, PEOPLE, person).await;
    put(&tx, &tables::ORGANIZATIONS, 1, organization).await;
    put(&tx, &tables::ORGANIZATION_MEMBERS, PEOPLE, member).await;
    put(&tx, &tables::ACCESS_GROUPS, GROUPS, group).await;
    put(&tx, &tables::ACCESS_RULES, RULES, rule).await;
    let domains = RULES * DOMAINS;
    put(&tx, &tables::ACCESS_RULE_DOMAINS, domains, domain).await;
    bulk::advance_sequences(&tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Two of three addresses are of a domain that a rule names, half of these of a subdomain.
fn person(id: u64) -> Vec<Cell> {
    let place = match id % 3 {
        0 => format!("d{}-0.example", id % RULES),
        1 => format!("deep.sub.d{}-{}.example", id % RULES, DOMAINS),
        _ => "elsewhere.example".to_owned(),
    };
    let mut cells = user(id);
    if let Some(email) = cells.get_mut(2) {
        *email = Cell::Text(format!("user{id}@{place}"));
    }
    cells
}

fn member(id: u64) -> Vec<Cell> {
    let (active, admin) = (Cell::Bool(true), Cell::Bool(false));
    vec![key(id), key(id), key(1), active, admin]
}

fn group(id: u64) -> Vec<Cell> {
    let made = Cell::Time(long_ago());
    let name = Cell::Text(format!("Group {id}"));
    vec![key(id), made.clone(), made, name, text(""), key(1)]
}

fn rule(id: u64) -> Vec<Cell> {
    let made = Cell::Time(long_ago());
    let domain = Cell::Text(format!("d{}-0.example", id - 1));
    vec![
        key(id),
        made.clone(),
        made,
        text("Rule"),
        domain,
        key(id % GROUPS + 1),
    ]
}

fn domain(id: u64) -> Vec<Cell> {
    let (rule, number) = ((id - 1) / DOMAINS, (id - 1) % DOMAINS + 1);
    let below = if number == DOMAINS { "*." } else { "" };
    let domain = format!("{below}d{rule}-{number}.example");
    vec![key(id), key(rule + 1), Cell::Text(domain)]
}
