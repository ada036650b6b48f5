//! Listings described by a constant.

use provost_drf::{Family, Json, List, Page, Problem, View};
use provost_listing::{Filter, Kind, Listed, Listing, Slice};

use crate::world::{Ask, answer, check};

#[derive(Clone, Copy, Debug)]
enum By {
    Name,
    Age,
    Role,
    Active,
    Joined,
}

impl Listed for By {
    const LISTING: Listing<Self> = Listing::ordered_by(Self::Name)
        .order(&[("name", Self::Name), ("age", Self::Age)])
        .search(&[Self::Name])
        .filter(&[
            Filter::new("name", Self::Name, Kind::Text),
            Filter::new("roles", Self::Role, Kind::Words),
            Filter::new("active", Self::Active, Kind::Flag),
            Filter::new("nobody", Self::Role, Kind::IsNull),
            Filter::new("age", Self::Age, Kind::Integer),
            Filter::new("role", Self::Role, Kind::Choice(&["admin", "user"])),
            Filter::new("since", Self::Joined, Kind::Since),
        ])
        .pages(2, 3);
}

async fn show(list: List<By>) -> Json<String> {
    Json(format!(
        "{:?} {:?} {:?}",
        list.ask.order, list.ask.search, list.ask.filters
    ))
}

async fn rows(list: List<By>) -> Result<Page<u64>, Problem> {
    list.page(Slice::cut((1..=5).collect(), &list.page_ask()))
}

fn family() -> Family<()> {
    Family::at("/", "test", "Listings")
        .view("show/", View::new().get(show, "Show"))
        .view("rows/", View::new().get(rows, "Rows"))
}

#[test]
fn orders_terms_and_filters_come_from_the_query() {
    let cases = [
        ("", "[(Name, Ascending)] [] []"),
        (
            "?ordering=-age,nope,name",
            "[(Age, Descending), (Name, Ascending)] [] []",
        ),
        ("?ordering=nope", "[(Name, Ascending)] [] []"),
        ("?search=a,b+c", r#"[(Name, Ascending)] ["a", "b", "c"] []"#),
        (
            "?name=+x+&name2=y",
            r#"[(Name, Ascending)] [] [(Name, Text("x"))]"#,
        ),
        ("?name=&roles=&age=", "[(Name, Ascending)] [] []"),
        (
            "?roles=b,,a",
            r#"[(Name, Ascending)] [] [(Role, Words(["b", "a"]))]"#,
        ),
        (
            "?active=Yes&age=+7&role=user",
            r#"[(Name, Ascending)] [] [(Active, Flag(true)), (Age, Integer(7)), (Role, Text("user"))]"#,
        ),
        (
            "?nobody=0&since=1970-01-01T00:00:01Z",
            "[(Name, Ascending)] [] [(Role, IsNull(false)), (Joined, Since(1000000))]",
        ),
    ];
    check(
        family,
        cases.map(|(query, expected)| {
            (
                Ask::ada("GET", &format!("/show/{query}")),
                format!("200 {}", serde_json::json!(expected)),
            )
        }),
    );
}

#[test]
fn bad_filters_are_reported_together() {
    let bad = Ask::ada(
        "GET",
        "/show/?active=perhaps&age=x&role=boss&since=then&name=ok",
    );
    let expected = r#"400 {"active":["Must be a valid boolean."],"age":["Enter a number."],"role":["Select a valid choice. boss is not one of the available choices."],"since":["Enter a valid date/time."]}"#;
    check(family, [(bad, expected)]);
}

#[test]
fn pages_have_the_sizes_of_the_listing() {
    let found = answer(family(), &Ask::ada("GET", "/rows/?page=2"));
    assert!(
        found.line().contains(r#""results":[3,4]"#),
        "{}",
        found.line()
    );
    let largest = answer(family(), &Ask::ada("GET", "/rows/?page_size=99"));
    assert!(
        largest.line().contains(r#""results":[1,2,3]"#),
        "{}",
        largest.line()
    );
    check(
        family,
        [(
            Ask::ada("GET", "/rows/?page=4"),
            r#"404 {"detail":"Invalid page."}"#,
        )],
    );
}
