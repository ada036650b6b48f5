//! Requests meant to hurt, at every operation: each is answered clearly, in bounded time, by a
//! bounded body, whatever it is made of.

mod random;
mod requests;
mod texts;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Request, Uri};
use provost_app::identity::mint::Subject;
use provost_store::users;
use provost_testkit::{Answer, Client, World, Worlds};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::platform::{caller, platform};
use requests::{Hostile, Names};

/// Far more than any of these may take; whatever hangs takes longer.
const PATIENCE: Duration = Duration::from_mins(1);
/// Far more than any of these may answer with, in bytes.
const LONGEST: usize = 4_000_000;
const BUSY: &str = "The database is busy. Try again.";

/// The request, if HTTP lets it through; a listener refuses others before anybody sees them.
fn request(hostile: &Hostile) -> Option<Request<Body>> {
    let target: Uri = hostile.target.parse().ok()?;
    let mut request = Request::builder()
        .method(hostile.method.as_bytes())
        .uri(target);
    for (name, value) in &hostile.headers {
        request = request.header(*name, HeaderValue::from_bytes(value).ok()?);
    }
    Some(request.body(Body::from(hostile.body.clone())).unwrap())
}

/// What is wrong with an answer, if anything is.
fn flaw(answer: &Answer) -> Option<String> {
    let is_busy = answer.status == 503 && answer.text().contains(BUSY);
    if answer.status >= 500 && !is_busy {
        return Some(answer.line());
    }
    let size = answer.body.len();
    if size > LONGEST {
        return Some(format!("{} with {size} bytes", answer.status));
    }
    let typed = answer.header("content-type").unwrap_or_default();
    let is_json = ["application/json", "application/problem+json"].contains(&typed.as_str());
    let is_broken = is_json
        && !answer.body.is_empty()
        && serde_json::from_slice::<Value>(&answer.body).is_err();
    is_broken.then(|| format!("broken JSON: {}", answer.line()))
}

/// Sends every `share`th request for one operation as one caller; what went wrong, and how many
/// requests there were.
async fn attack(client: Client, requests: Arc<Vec<Hostile>>, share: usize) -> (usize, Vec<String>) {
    let (mut sent, mut flaws) = (0, Vec::new());
    for hostile in requests.iter().step_by(share) {
        let Some(request) = request(hostile) else {
            continue;
        };
        sent += 1;
        let answer = tokio::time::timeout(PATIENCE, client.request(request)).await;
        let found = match answer {
            Ok(answer) => flaw(&answer),
            Err(_) => Some("no answer".to_owned()),
        };
        if let Some(found) = found {
            flaws.push(describe(hostile, &found));
        }
    }
    (sent, flaws)
}

fn describe(hostile: &Hostile, found: &str) -> String {
    let cut = |text: &str| text.chars().take(200).collect::<String>();
    let headers: Vec<String> = hostile
        .headers
        .iter()
        .map(|(name, value)| cut(&format!("{name}: {}", value.escape_ascii())))
        .collect();
    let body = cut(&hostile.body.escape_ascii().to_string());
    let (method, target) = (&hostile.method, cut(&hostile.target));
    format!("{method} {target} {headers:?} {body}\n    {}", cut(found))
}

/// Somebody who may do everything, by a token and in a session, so that a request that spoils one
/// of them is still somebody's.
async fn superuser(world: &World) -> Client {
    let app = &world.app;
    let user = users::by_username(app.store().read(), "superuser").await;
    let user = user.unwrap().unwrap();
    let minter = app.identities().minter();
    let lifetime = minter.lifetime();
    let token = minter.token(&Subject::from(&user), &[], &[], lifetime, app.now());
    let client = caller(world, "superuser").await;
    client.header("authorization", &format!("JWT {}", token.unwrap()))
}

async fn check(worlds: Worlds, share: usize) {
    let world = platform(&worlds).await;
    let document = provost::document().unwrap();
    let mut attacks = JoinSet::new();
    for family in provost::families() {
        for operation in family.operations() {
            let (method, path) = (operation.method.as_str(), operation.path.as_str());
            let names = Names::of(&document, method, path);
            let requests = Arc::new(requests::all(method, path, &names));
            // Most of what nobody sends is refused for being nobody's.
            for (client, share) in [
                (superuser(&world).await, share),
                (world.nobody(), share * 7),
            ] {
                attacks.spawn(attack(client, Arc::clone(&requests), share));
            }
        }
    }
    let (mut sent, mut flaws) = (0, Vec::new());
    for (number, found) in attacks.join_all().await {
        sent += number;
        flaws.extend(found);
    }
    assert!(sent > 15_000 / share, "only {sent} requests were sent");
    let count = flaws.len();
    flaws.truncate(40);
    assert!(
        flaws.is_empty(),
        "{count} of {sent} requests:\n{}",
        flaws.join("\n")
    );
    // Whoever asks next is served.
    let answer = superuser(&world).await.get("/api/authz/v1/users/").await;
    assert_eq!(answer.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_breaks_the_program_on_sqlite() {
    check(Worlds::sqlite().await, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_breaks_the_program_on_postgresql() {
    if let Some(worlds) = Worlds::postgres().await {
        check(worlds, 5).await;
    }
}
