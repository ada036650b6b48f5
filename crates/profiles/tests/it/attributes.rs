//! Every row of the attribute tables (specification, sections 3, 6.1 and 7.1), and what its cells say.

use std::sync::atomic::{AtomicU32, Ordering};

use provost_app::settings::{AutoCreate, ObjectCreation, Profiles};
use provost_app::{App, Settings, mount};
use provost_store::{Options, Store};
use provost_testkit::{Answer, Client, World};
use serde_json::{Value, json};

use super::protocol::encoded;
use super::world::{caller, codes, done, each, plain, tenant, with};

/// What a column says of an attribute.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Required,
    Optional,
    Forbidden,
}
use Cell::{Forbidden as F, Optional as O, Required as R};

/// A row of an attribute table.
struct Row {
    name: &'static str,
    post: Cell,
    put: Cell,
    /// What is shown where nothing was said; null where the member is then absent.
    without: Value,
    /// A value, and another one.
    values: [Value; 2],
    /// Whether null and an empty text lead back to `without`; otherwise they are refused.
    clears: bool,
    /// What is taken, at the edges.
    right: Vec<Value>,
    /// What is refused, beyond them.
    wrong: Vec<Value>,
}

/// So many characters, most of which are more than a byte.
fn long(characters: usize) -> String {
    let mut text = "é".repeat(characters.saturating_sub(1));
    text.push('𝄞');
    text
}

fn list(values: &[Value]) -> Vec<Value> {
    values.to_vec()
}

/// A text of 1 to `max` characters, absent where nothing was said.
fn text(name: &'static str, max: usize) -> Row {
    Row {
        name,
        post: O,
        put: O,
        without: Value::Null,
        values: [json!("one"), json!("two")],
        clears: true,
        right: list(&[json!(long(1)), json!(long(max))]),
        wrong: list(&[
            json!(long(max + 1)),
            json!(5),
            json!(true),
            json!([]),
            json!({}),
        ]),
    }
}

/// A text that only what is made is given.
fn identifier(name: &'static str, max: usize) -> Row {
    let mut row = text(name, max);
    row.wrong.extend([json!(""), Value::Null]);
    Row {
        post: R,
        put: F,
        clears: false,
        ..row
    }
}

/// A text that is there from the start.
fn filled(name: &'static str, without: &str) -> Row {
    Row {
        without: json!(without),
        right: Vec::new(),
        wrong: list(&[json!(5), json!(true), json!([]), json!({})]),
        ..text(name, 80)
    }
}

/// The name of a domain, which needs no making.
fn domain() -> Row {
    let mut row = text("defaultDomain", 80);
    row.wrong.extend([json!("a@b"), json!("a b")]);
    Row {
        without: json!("example.com"),
        values: [json!("example.org"), json!("example.com")],
        clears: false,
        ..row
    }
}

fn flag(name: &'static str, put: Cell) -> Row {
    Row {
        put,
        without: json!(false),
        values: [json!(true), json!(false)],
        clears: false,
        right: Vec::new(),
        wrong: list(&[json!("true"), json!(0), json!([]), json!(""), Value::Null]),
        ..text(name, 0)
    }
}

/// An object of texts of at most so many characters.
fn texts(name: &'static str, members: &[(&str, usize)]) -> Row {
    let all = |text: &str| {
        members
            .iter()
            .map(|(name, _)| (*name, text))
            .collect::<Value>()
    };
    let mut row = text(name, 0);
    row.right.clear();
    row.wrong = list(&[json!(5), json!("x"), json!([]), json!(true)]);
    for (member, max) in members {
        row.right.push(json!({*member: long(*max)}));
        for wrong in [json!(long(max + 1)), json!(5), json!(false), json!({})] {
            row.wrong.push(json!({*member: wrong}));
        }
    }
    Row {
        values: [all("one"), all("two")],
        ..row
    }
}

const CONTACT: [(&str, usize); 3] = [("name", 30), ("phoneNumber", 30), ("emailAddress", 80)];
const ADDRESS: [(&str, usize); 7] = [
    ("addressLine1", 80),
    ("addressLine2", 80),
    ("city", 50),
    ("state", 50),
    ("stateDisplayName", 50),
    ("postalCode", 50),
    ("country", 50),
];

/// Section 3.1.
fn of_tenants() -> Vec<Row> {
    let mut id = identifier("tenantId", 30);
    id.wrong
        .extend(["a/b", "a\tb", " a", "a "].map(Value::from));
    let kind = Row {
        values: [json!("ServiceProvider"), json!("Enterprise")],
        right: Vec::new(),
        wrong: list(&[json!("enterprise"), json!(""), json!(1), Value::Null]),
        ..identifier("type", 0)
    };
    let email = Row {
        values: [json!("a@example.com"), json!("b@example.com")],
        right: list(&[json!("@"), json!(format!("@{}", long(79)))]),
        wrong: list(&[json!("nobody"), json!(format!("@{}", long(80))), json!(5)]),
        ..text("supportEmail", 80)
    };
    let mut rows = vec![
        id,
        kind,
        flag("useCustomRoutingProfile", F),
        domain(),
        Row {
            without: json!(""),
            clears: false,
            ..text("name", 80)
        },
        email,
        texts("contactInformation", &CONTACT),
        texts("addressInformation", &ADDRESS),
        text("resellerId", 80),
    ];
    for name in ["externalId1", "externalId2", "externalId3", "externalId4"] {
        rows.push(Row {
            without: json!(""),
            ..text(name, 255)
        });
    }
    rows.push(flag("useTenantLanguages", O));
    rows
}

/// Section 6.1.
fn of_resellers() -> Vec<Row> {
    let extra = Row {
        without: json!({}),
        values: [json!({"a": {"b": [1, null]}}), json!({"c": "d"})],
        wrong: list(&[json!(5), json!("x"), json!([]), json!(true)]),
        ..filled("extraData", "")
    };
    vec![identifier("name", 80), filled("externalName", ""), extra]
}

/// Section 7.1.
fn of_groups() -> Vec<Row> {
    let limit = Row {
        without: json!(0),
        values: [json!(7), json!(8)],
        right: list(&[json!(0)]),
        wrong: list(&[json!(-1), json!("5"), json!(1.5), json!(true), json!([])]),
        ..text("userLimit", 0)
    };
    let count = Row {
        post: F,
        put: F,
        without: json!(0),
        values: [json!(1), json!(2)],
        ..filled("userCount", "")
    };
    vec![
        identifier("groupId", 30),
        Row {
            without: json!(""),
            ..text("groupName", 80)
        },
        limit,
        count,
        domain(),
        filled("cliName", ""),
        filled("cliPhoneNumber", ""),
        filled("locationDialingCode", ""),
        filled("timeZone", "UTC"),
        Row {
            post: F,
            put: F,
            without: Value::Null,
            ..filled("timeZoneDisplayName", "")
        },
        texts("contactInformation", &CONTACT),
        texts("addressInformation", &ADDRESS),
        text("resellerId", 80),
    ]
}

/// A table, and where what it is of is made.
struct Table {
    client: Client,
    collection: &'static str,
    rows: Vec<Row>,
    made: AtomicU32,
}

impl Table {
    /// The attribute that identifies.
    fn id(&self) -> &'static str {
        self.rows[0].name
    }

    /// A body of what is required and no more.
    fn least(&self) -> Value {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let mut body = json!({self.id(): format!("number {number}")});
        for row in self.rows.iter().skip(1).filter(|row| row.post == R) {
            body[row.name] = row.values[0].clone();
        }
        body
    }

    /// The same with everything else that may be said.
    fn most(&self) -> Value {
        let mut body = self.least();
        for row in self.rows.iter().skip(1).filter(|row| row.post != F) {
            body[row.name] = row.values[0].clone();
        }
        body
    }

    /// The same with one member more, or without it.
    fn body(&self, name: &str, value: Option<&Value>) -> Value {
        let mut body = self.least();
        match value {
            Some(value) => body[name] = value.clone(),
            None => drop(body.as_object_mut().unwrap().remove(name)),
        }
        body
    }

    async fn post(&self, body: &Value) -> Answer {
        self.client.post(self.collection, body).await
    }

    /// Makes something; what is shown of it, each time it is asked for.
    async fn make(&self, body: &Value) -> (String, Value) {
        let shown = done(self.post(body).await, 201);
        let path = format!(
            "{}{}/",
            self.collection,
            encoded(shown[self.id()].as_str().unwrap())
        );
        assert_eq!(self.show(&path).await, shown, "{body}");
        (path, shown)
    }

    async fn show(&self, path: &str) -> Value {
        done(self.client.get(path).await, 200)
    }

    /// Asks for a change that is refused with one error, and leaves everything as it was.
    async fn refused(
        &self,
        (method, path): (&str, &str),
        (name, value): (&str, &Value),
        code: u64,
    ) {
        let before = self.show(path).await;
        let answer = self.client.json(method, path, &json!({name: value})).await;
        is_refused(&answer, (name, value), code);
        assert_eq!(self.show(path).await, before, "{name}: {value}");
    }
}

fn is_refused(answer: &Answer, (name, value): (&str, &Value), code: u64) {
    assert_eq!(answer.status, 400, "{name}: {value}: {}", answer.text());
    let [(found, parameter)] = codes(answer).try_into().unwrap();
    let parameter = parameter.split('.').next();
    assert_eq!((found, parameter), (code, Some(name)), "{value}");
}

/// A member of what is shown; null where it is absent.
fn member<'a>(shown: &'a Value, name: &str) -> &'a Value {
    assert_ne!(shown.get(name), Some(&Value::Null), "{shown}");
    &shown[name]
}

/// Everything that is named comes to be.
fn generous() -> Profiles {
    Profiles {
        apio_object_creation: ObjectCreation {
            tenant_data: true,
            reseller: true,
        },
        auto_create: AutoCreate {
            tenant_default_domain: true,
        },
        ..Profiles::default()
    }
}

/// The three tables, where a tenant has all the domains that their rows name.
async fn tables(world: &World) -> [Table; 3] {
    let client = caller(world, "root").await;
    tenant(world, "t").await;
    let domains = [long(1), long(80)];
    for domain in &domains {
        done(
            client
                .post("/api/v1/system/domains/", &json!({"domain": domain}))
                .await,
            201,
        );
    }
    let domains = [domains[0].as_str(), &domains[1], "example.org"];
    done(
        client
            .put("/api/v1/tenants/t/domains/", &json!({"domains": domains}))
            .await,
        200,
    );
    // Tenants and groups make the resellers that they name, so that resellers come first.
    [
        ("/api/v1/local/resellers/", of_resellers()),
        ("/api/v1/tenants/", of_tenants()),
        ("/api/v1/tenants/t/groups/", of_groups()),
    ]
    .map(|(collection, rows)| Table {
        client: client.clone(),
        collection,
        rows,
        made: AtomicU32::new(0),
    })
}

#[tokio::test]
async fn making_takes_what_its_column_says_and_shows_it() {
    for worlds in each().await {
        let world = with(&worlds, generous()).await;
        for table in &tables(&world).await {
            for row in &table.rows {
                let name = row.name;
                let without = table.body(name, None);
                if row.post == R {
                    is_refused(&table.post(&without).await, (name, &Value::Null), 1001);
                } else {
                    let (_, shown) = table.make(&without).await;
                    assert_eq!(member(&shown, name), &row.without, "{name}");
                }
                for value in row.values.iter().chain(&row.right) {
                    let body = table.body(name, Some(value));
                    if row.post == F {
                        is_refused(&table.post(&body).await, (name, value), 1003);
                    } else {
                        let (_, shown) = table.make(&body).await;
                        assert_eq!(member(&shown, name), value, "{name}");
                    }
                }
                for nothing in [json!(""), Value::Null]
                    .iter()
                    .filter(|_| row.clears && row.post == O)
                {
                    let (_, shown) = table.make(&table.body(name, Some(nothing))).await;
                    assert_eq!(member(&shown, name), &row.without, "{name}");
                }
                for value in row.wrong.iter().filter(|_| row.post != F) {
                    let body = table.body(name, Some(value));
                    is_refused(&table.post(&body).await, (name, value), 1002);
                }
            }
        }
    }
}

#[tokio::test]
async fn changing_takes_what_its_column_says_and_leaves_the_rest() {
    for worlds in each().await {
        let world = with(&worlds, generous()).await;
        for table in &tables(&world).await {
            let (path, shown) = table.make(&table.most()).await;
            let put = async |name: &str, value: &Value| {
                let body = json!({name: value});
                let answer = done(table.client.put(&path, &body).await, 200);
                assert_eq!(table.show(&path).await, answer, "{name}");
                answer
            };
            for row in &table.rows {
                let name = row.name;
                if row.put == F {
                    let before = table.show(&path).await;
                    assert_eq!(put(name, &shown[name]).await, before, "{name}");
                    table
                        .refused(("PUT", &path), (name, &row.values[1]), 1003)
                        .await;
                    continue;
                }
                for value in row.right.iter().chain(&row.values).rev() {
                    let mut expected = table.show(&path).await;
                    let answer = put(name, value).await;
                    match value.as_object() {
                        // What these say is laid over what there is.
                        Some(members) if name.ends_with("Information") => {
                            for (member, value) in members {
                                expected[name][member] = value.clone();
                            }
                        }
                        _ => expected[name] = value.clone(),
                    }
                    assert_eq!(answer, expected, "{name}");
                }
                for value in &row.wrong {
                    table.refused(("PUT", &path), (name, value), 1002).await;
                }
                for nothing in [json!(""), Value::Null] {
                    if row.clears {
                        put(name, &row.values[0]).await;
                        let answer = put(name, &nothing).await;
                        assert_eq!(member(&answer, name), &row.without, "{name}");
                    } else {
                        table.refused(("PUT", &path), (name, &nothing), 1002).await;
                    }
                }
            }
            let last = table.show(&path).await;
            for unchanged in [&json!({}), &last] {
                assert_eq!(done(table.client.put(&path, unchanged).await, 200), last);
            }
        }
    }
}

#[tokio::test]
async fn removing_goes_on_only_where_everything_said_is_on_record() {
    for worlds in each().await {
        let world = with(&worlds, generous()).await;
        let [resellers, tenants, _] = tables(&world).await;
        for table in [resellers, tenants] {
            let (path, shown) = table.make(&table.most()).await;
            for row in &table.rows {
                table
                    .refused(("DELETE", &path), (row.name, &row.values[1]), 1003)
                    .await;
            }
            let answer = table.client.json("DELETE", &path, &shown).await;
            assert_eq!(answer.line(), "200 {}");
            assert_eq!(table.client.get(&path).await.status, 404);
        }
    }
}

#[tokio::test]
async fn only_a_service_provider_has_custom_routing() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        for (place, (kind, flag, shown)) in [
            ("ServiceProvider", None, Some(false)),
            ("ServiceProvider", Some(false), Some(false)),
            ("ServiceProvider", Some(true), Some(true)),
            ("Enterprise", None, Some(false)),
            ("Enterprise", Some(false), Some(false)),
            ("Enterprise", Some(true), None),
        ]
        .into_iter()
        .enumerate()
        {
            let mut body = json!({"tenantId": format!("t{place}"), "type": kind});
            if let Some(flag) = flag {
                body["useCustomRoutingProfile"] = flag.into();
            }
            let answer = root.post("/api/v1/tenants/", &body).await;
            let Some(shown) = shown else {
                assert_eq!(
                    codes(&answer),
                    [(1002, "useCustomRoutingProfile".to_owned())]
                );
                continue;
            };
            assert_eq!(done(answer, 201)["useCustomRoutingProfile"], shown);
            // Front ends send it with every change.
            let path = format!("/api/v1/tenants/t{place}/");
            for (flag, status) in [(shown, 200), (!shown, 400)] {
                let body = json!({"name": "x", "useCustomRoutingProfile": flag});
                assert_eq!(root.put(&path, &body).await.status, status, "{kind} {flag}");
            }
        }
    }
}

#[tokio::test]
async fn contact_and_address_are_merged_member_by_member_under_either_name() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        tenant(&world, "t").await;
        for (long, short, members) in [
            (
                "contactInformation",
                "contact",
                ["name", "phoneNumber", "emailAddress"],
            ),
            (
                "addressInformation",
                "address",
                ["city", "postalCode", "country"],
            ),
        ] {
            let [a, b, c] = members;
            for (said, shown) in [
                (json!({long: {a: "1", b: "2"}}), json!({a: "1", b: "2"})),
                (
                    json!({long: {b: "3", c: "4", "other": 5}}),
                    json!({a: "1", b: "3", c: "4"}),
                ),
                (json!({long: {}}), json!({a: "1", b: "3", c: "4"})),
                (json!({long: {a: null, b: ""}}), json!({c: "4"})),
                (json!({long: {c: null}}), Value::Null),
                (json!({short: {a: "5"}}), json!({a: "5"})),
                (
                    json!({short: {b: "6"}, long: {c: "7"}}),
                    json!({a: "5", c: "7"}),
                ),
                (json!({short: {b: "6"}, long: null}), Value::Null),
                (json!({short: {b: "8"}}), json!({b: "8"})),
                (json!({short: null}), Value::Null),
            ] {
                for path in ["/api/v1/tenants/t/", "/api/v1/tenants/t/groups/g/"] {
                    if path.ends_with("g/") {
                        let made = json!({"groupId": "g"});
                        root.post("/api/v1/tenants/t/groups/", &made).await;
                    }
                    let answer = done(root.put(path, &said).await, 200);
                    assert_eq!(member(&answer, long), &shown, "{path} {said}");
                    assert_eq!(answer.get(short), None);
                }
            }
            let both = json!({"tenantId": long, "type": "Enterprise", short: {a: "1"}});
            let made = done(root.post("/api/v1/tenants/", &both).await, 201);
            assert_eq!((&made[long], made.get(short)), (&json!({a: "1"}), None));
        }
    }
}

#[tokio::test]
async fn external_ids_are_there_only_where_the_settings_have_them() {
    for worlds in each().await {
        let world = with(&worlds, generous()).await;
        let rich = caller(&world, "root").await;
        let body = json!({"tenantId": "t", "type": "Enterprise", "externalId2": "two"});
        let shown = done(rich.post("/api/v1/tenants/", &body).await, 201);
        let ids = ["externalId1", "externalId2", "externalId3", "externalId4"];
        assert_eq!(
            ids.map(|id| &shown[id]),
            [&json!(""), &json!("two"), &json!(""), &json!("")]
        );
        // The same database, where the settings do not have them.
        let store = Store::open(&Options::at(&world.url)).await.unwrap();
        let app = App::open(store, Settings::default(), world.clock.clone())
            .await
            .unwrap();
        let poor = rich.at(mount(vec![provost_profiles::family()], &app));
        for id in ids {
            for value in [
                json!(5),
                json!("x"),
                json!("y".repeat(256)),
                Value::Null,
                json!([]),
            ] {
                let body = json!({id: value});
                let answers = [
                    done(poor.put("/api/v1/tenants/t/", &body).await, 200),
                    done(poor.get("/api/v1/tenants/t/").await, 200),
                ];
                for answer in answers {
                    assert!(ids.iter().all(|id| answer.get(*id).is_none()), "{answer}");
                }
                let body = json!({"tenantId": "u", "type": "Enterprise", id: value});
                let made = done(poor.post("/api/v1/tenants/", &body).await, 201);
                assert_eq!(made.get(id), None);
                let removed = poor
                    .json("DELETE", "/api/v1/tenants/u/", &json!({id: value}))
                    .await;
                assert_eq!(removed.line(), "200 {}");
            }
        }
        assert_eq!(done(rich.get("/api/v1/tenants/t/").await, 200), shown);
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_told_together_in_the_order_of_the_table() {
    for worlds in each().await {
        let world = with(&worlds, generous()).await;
        for table in &tables(&world).await {
            let (path, before) = table.make(&table.most()).await;
            let rows = || table.rows.iter();
            let wrong = |row: &Row| (row.name.to_owned(), json!(["wrong"]));
            let everything = rows().rev().map(wrong).collect::<serde_json::Map<_, _>>();
            let expected = |cell: fn(&Row) -> Cell| {
                let code = move |row: &Row| if cell(row) == F { 1003 } else { 1002 };
                rows()
                    .map(|row| (code(row), row.name.to_owned()))
                    .collect::<Vec<_>>()
            };
            let answer = table.client.put(&path, &json!(everything)).await;
            assert_eq!(codes(&answer), expected(|row| row.put));
            assert_eq!(table.show(&path).await, before);
            let answer = table.post(&json!(everything)).await;
            assert_eq!(codes(&answer), expected(|row| row.post));
            let required = rows().filter(|row| row.post == R);
            let missing = required
                .map(|row| (1001, row.name.to_owned()))
                .collect::<Vec<_>>();
            assert_eq!(codes(&table.post(&json!({})).await), missing);
        }
        let root = caller(&world, "root").await;
        for (method, path, body, expected) in [
            (
                "POST",
                "/api/v1/tenants/",
                json!({"name": 5, "useCustomRoutingProfile": true, "type": "Enterprise"}),
                [
                    (1001, "tenantId"),
                    (1002, "useCustomRoutingProfile"),
                    (1002, "name"),
                ],
            ),
            (
                "PUT",
                "/api/v1/tenants/t/",
                json!({"contact": {"phoneNumber": 6, "name": 5}, "supportEmail": "x"}),
                [
                    (1002, "supportEmail"),
                    (1002, "contactInformation.name"),
                    (1002, "contactInformation.phoneNumber"),
                ],
            ),
        ] {
            let answer = root.json(method, path, &body).await;
            assert_eq!(
                codes(&answer),
                expected.map(|(code, name)| (code, name.to_owned()))
            );
        }
    }
}
