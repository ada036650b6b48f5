//! Lists in pages.

use provost_upstream::Failure;
use serde_json::{Value, json};

use crate::stand::{Stand, json};

const PATH: &str = "/eox-tenant/api/v1/routes/";

fn page(next: &Value, ids: &[i64]) -> Value {
    let results: Vec<_> = ids
        .iter()
        .map(|id| json!({"id": id, "domain": format!("{id}.example.com"), "config": 1}))
        .collect();
    json!({"count": 3, "next": next, "previous": null, "results": results})
}

#[tokio::test]
async fn pages_are_followed_to_the_last() {
    let stand = Stand::start().await;
    let link = |page: u8| json!(format!("{}{PATH}?page={page}", stand.url));
    stand.will([
        json(200, &page(&link(2), &[1, 2])),
        json(200, &page(&link(3), &[3])),
        json(200, &page(&Value::Null, &[])),
    ]);
    let routes = stand.lms().routes().await.unwrap();
    let ids: Vec<_> = routes.iter().map(|route| route.id).collect();
    assert_eq!(ids, [1, 2, 3]);
    let lines = ["", "?page=2", "?page=3"].map(|query| format!("GET {PATH}{query}"));
    assert_eq!(stand.lines(), lines);
}

#[tokio::test]
async fn a_page_at_another_place_is_not_asked_for() {
    let stand = Stand::start().await;
    let other = Stand::start().await;
    let link = json!(format!("{}{PATH}?page=2", other.url));
    stand.will([json(200, &page(&link, &[1]))]);
    let failure = stand.lms().routes().await.unwrap_err();
    assert!(matches!(failure, Failure::Nonsense { .. }), "{failure}");
    assert_eq!(other.lines(), [""; 0]);
}

#[tokio::test]
async fn a_list_that_never_ends_is_given_up() {
    let stand = Stand::start().await;
    let link = json!(format!("{}{PATH}?page=1", stand.url));
    stand.will((0..1_000).map(|_| json(200, &page(&link, &[1]))));
    let failure = stand.lms().routes().await.unwrap_err();
    let why = "it has more than 1000 pages".to_owned();
    assert_eq!(failure, Failure::Nonsense { why });
    assert_eq!(stand.seen().len(), 1_000);
}
