//! Page numbers, sizes, envelopes and links.

use axum::Router;
use provost_drf::absolute::{Origin, PublicBase, TrustForwarded};
use provost_drf::{
    Dialect, Family, Json, Keyset, KeysetPage, LimitOffset, Page, Paging, Problem, View,
};
use provost_listing::Slice;
use serde_json::Value;

use crate::world::{Answer, Ask, answer, answer_of, authenticate, check};

async fn numbers(paging: Paging<10, 100>) -> Result<Page<u64>, Problem> {
    paging.page(Slice::cut((1..=25).collect(), &paging.ask()))
}

async fn none(paging: Paging) -> Result<Page<u64>, Problem> {
    paging.page(Slice::cut(Vec::new(), &paging.ask()))
}

async fn offsets(paging: LimitOffset) -> Page<u64> {
    paging.page(Slice::cut_limit((1..=36).collect(), &paging.ask()))
}

async fn keys(keyset: Keyset<2, 3>) -> KeysetPage<String> {
    let all = ["a", "b", "ü", "d", "e"];
    let start = keyset
        .after
        .as_deref()
        .map_or(0, |key| all.iter().position(|k| *k == key).unwrap() + 1);
    let rows: Vec<String> = all[start..]
        .iter()
        .take(usize::try_from(keyset.limit).unwrap())
        .map(|k| (*k).to_owned())
        .collect();
    let more = start + rows.len() < all.len();
    let last = rows.last().cloned().filter(|_| more);
    keyset.page(rows, last.as_deref())
}

async fn address(origin: Origin) -> Json<String> {
    Json(origin.url("/media/a.png"))
}

fn family() -> Family<()> {
    Family::at("/", "test", "Pages")
        .view("numbers/", View::new().get(numbers, "Numbers"))
        .view("none/", View::new().get(none, "None"))
        .view("offsets/", View::new().get(offsets, "Offsets"))
        .view("keys", View::new().get(keys, "Keys"))
        .view("address", View::new().get(address, "Address"))
}

fn get(path: &str) -> Answer {
    answer(family(), &Ask::ada("GET", path))
}

fn page(path: &str) -> (Value, Value, Value, usize) {
    let found = get(path);
    assert_eq!(found.status, 200, "{path}");
    let mut body: Value = serde_json::from_slice(&found.body).unwrap();
    let rows = body["results"].as_array().unwrap();
    let first = rows.first().cloned().unwrap_or_default();
    let length = rows.len();
    (body["next"].take(), body["previous"].take(), first, length)
}

#[test]
fn page_numbers_are_read_leniently() {
    let cases = [
        ("", 1, 10),
        ("?page=", 1, 10),
        ("?page=2", 11, 10),
        ("?page=%2B2", 11, 10),
        ("?page=%20002%09", 11, 10),
        ("?page=%D9%A2", 11, 10),
        ("?page=last", 21, 5),
        ("?page=1&page=3", 21, 5),
        ("?page_size=1_0&page=2", 11, 10),
        ("?page_size=7", 1, 7),
        ("?page_size=0", 1, 10),
        ("?page_size=-3", 1, 10),
        ("?page_size=abc", 1, 10),
        ("?page_size=", 1, 10),
        ("?page_size=2.0", 1, 10),
        ("?page_size=1000", 1, 25),
        ("?page_size=1000000000000000000000000000000", 1, 25),
    ];
    for (query, first, length) in cases {
        let (_, _, found_first, found_length) = page(&format!("/numbers/{query}"));
        assert_eq!(
            (found_first, found_length),
            (first.into(), length),
            "{query}"
        );
    }
}

#[test]
fn pages_that_do_not_exist_are_not_found() {
    let endless = "9".repeat(5000);
    for page in [
        "0",
        "-1",
        "4",
        "abc",
        "1.0",
        "1__0",
        "LAST",
        "%20",
        "1e1",
        "1000000000000000000000000000000",
        &endless,
    ] {
        let found = get(&format!("/numbers/?page={page}")).line();
        assert_eq!(found, r#"404 {"detail":"Invalid page."}"#, "{page}");
    }
    let empty = r#"200 {"count":0,"next":null,"previous":null,"results":[]}"#;
    assert_eq!(get("/none/").line(), empty);
    assert_eq!(get("/none/?page=last").line(), empty);
    assert_eq!(get("/none/?page=2").status, 404);
}

#[test]
fn links_carry_the_whole_query_sorted_and_encoded_anew() {
    let base = "http://lms.test/numbers/";
    let cases = [
        ("", Some("?page=2"), None),
        ("?page=2", Some("?page=3"), Some("")),
        ("?page=3", None, Some("?page=2")),
        ("?page=last", None, Some("?page=2")),
        ("?page=2&page_size=20", None, Some("?page_size=20")),
        ("?z=&a=2&a=1&page=1", Some("?a=2&a=1&page=2&z="), None),
        (
            "?scope=lib:A:*&q=a+b%2Bc,@/~._-",
            Some("?page=2&q=a+b%2Bc%2C%40%2F~._-&scope=lib%3AA%3A%2A"),
            None,
        ),
        (
            "?%C3%BC=%FF&flag",
            Some("?flag=&page=2&%C3%BC=%EF%BF%BD"),
            None,
        ),
        ("?=x&&b=%zz", Some("?=x&b=%25zz&page=2"), None),
    ];
    for (query, next, previous) in cases {
        let (found_next, found_previous, _, _) = page(&format!("/numbers/{query}"));
        let link = |query: Option<&str>| {
            query.map_or(Value::Null, |query| format!("{base}{query}").into())
        };
        assert_eq!(
            (found_next, found_previous),
            (link(next), link(previous)),
            "{query}"
        );
    }
}

#[test]
fn offsets_may_lie_anywhere() {
    let base = "http://lms.test/offsets/";
    let cases = [
        ("", 1, 20, Some("?limit=20&offset=20"), None),
        (
            "?limit=0&offset=-1",
            1,
            20,
            Some("?limit=20&offset=20"),
            None,
        ),
        ("?limit=x&offset=20", 21, 16, None, Some("?limit=20")),
        (
            "?limit=5&limit=1_0&offset=%D9%A1%D9%A5",
            16,
            10,
            Some("?limit=10&offset=25"),
            Some("?limit=10&offset=5"),
        ),
        (
            "?limit=10&offset=10&a=%20",
            11,
            10,
            Some("?a=+&limit=10&offset=20"),
            Some("?a=+&limit=10"),
        ),
        ("?limit=1000", 1, 36, None, None),
    ];
    for (query, first, length, next, previous) in cases {
        let found = page(&format!("/offsets/{query}"));
        let link = |query: Option<&str>| {
            query.map_or(Value::Null, |query| format!("{base}{query}").into())
        };
        assert_eq!(
            found,
            (link(next), link(previous), first.into(), length),
            "{query}"
        );
    }
    let past = r#"200 {"count":36,"next":null,"previous":"http://lms.test/offsets/?limit=20&offset=980","results":[]}"#;
    assert_eq!(get("/offsets/?offset=1000").line(), past);
    let absurd = get(
        "/offsets/?limit=1000000000000000000000000000000&offset=1000000000000000000000000000000",
    );
    assert_eq!(absurd.status, 200);
}

#[test]
fn keyset_pages_continue_after_the_last_key() {
    let mut path = "/keys?b=1&a=".to_owned();
    let mut seen = Vec::new();
    loop {
        let body: Value = serde_json::from_slice(&get(&path).body).unwrap();
        seen.extend(
            body["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|key| key.as_str().unwrap().to_owned()),
        );
        let Some(next) = body["next"].as_str() else {
            break;
        };
        assert!(
            next.starts_with("http://lms.test/keys?a=&b=1&cursor="),
            "{next}"
        );
        path = next.replace("http://lms.test", "");
    }
    assert_eq!(seen, ["a", "b", "ü", "d", "e"]);
    let three = get("/keys?limit=99");
    assert!(three.line().contains(r#""results":["a","b","ü"]"#));
}

#[test]
fn a_cursor_that_is_none_of_ours_is_a_field_error() {
    let family = || family().dialect(Dialect::Problems);
    let refused = r#"400 {"type":"about:blank","title":"Bad Request","status":400,"errors":{"cursor":["Invalid cursor"]}}"#;
    for cursor in ["x", "6", "ff", "zz", "+1"] {
        check(
            family,
            [(Ask::ada("GET", &format!("/keys?cursor={cursor}")), refused)],
        );
    }
}

fn address_of(extend: impl FnOnce(&mut http::Extensions)) -> String {
    let ask = Ask::ada("GET", "/address")
        .with("x-forwarded-proto", "https")
        .with("x-forwarded-host", "proxy.test, inner.test");
    let mut request = ask.request();
    extend(request.extensions_mut());
    answer_of(family().into_router(&(), &authenticate()), request).line()
}

#[test]
fn addresses_are_absolute_as_the_client_or_the_operator_sees_them() {
    assert_eq!(address_of(|_| {}), r#"200 "http://lms.test/media/a.png""#);
    assert_eq!(
        address_of(|all| assert!(all.insert(TrustForwarded).is_none())),
        r#"200 "https://proxy.test/media/a.png""#
    );
    let base = |all: &mut http::Extensions| {
        assert!(
            all.insert(PublicBase("https://lms.example.org/".into()))
                .is_none()
        );
    };
    assert_eq!(
        address_of(base),
        r#"200 "https://lms.example.org/media/a.png""#
    );
}

#[test]
fn links_inside_a_nested_router_keep_the_whole_path() {
    let nested = Router::new().nest("/api", family().into_router(&(), &authenticate()));
    let found = answer_of(nested, Ask::ada("GET", "/api/numbers/").request());
    assert!(
        found
            .line()
            .contains(r#""next":"http://lms.test/api/numbers/?page=2""#),
        "{}",
        found.line()
    );
}
