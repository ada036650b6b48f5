//! What holds for every call: slashes, statuses, bodies, and who is let in (specification, section 1).

use std::fmt::Write as _;

use axum::extract::Request;
use http::Method;
use provost_app::identity::session;
use provost_app::{App, Author};
use provost_drf::{JsonBases, Operation, not_found_page};
use provost_testkit::{Answer, Client, World};
use serde_json::{Value, json};

use super::world::{caller, codes, done, each, group, plain, tenant};

const NOBODY: &str = r#"401 {"details":"Authentication credentials were not provided."}"#;
const UNKNOWN: &str = r#"404 {"details":"Not found."}"#;

/// A text as it stands in a path or a query.
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        if byte.is_ascii_alphanumeric() {
            all.push(char::from(byte));
        } else {
            write!(all, "%{byte:02X}").unwrap();
        }
        all
    })
}

/// What a call does with what it is sent.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// It needs a body.
    Body,
    /// It looks at a body where there is one.
    BodyIfAny,
    /// It takes nothing.
    Nothing,
}

use Takes::{Body, BodyIfAny, Nothing};

/// A call that succeeds in the world of [`prepare`].
struct Call {
    operation: Operation,
    /// The path of something that is there.
    path: String,
    takes: Takes,
    body: Value,
    status: u16,
}

/// Every call: what it takes, a body that it takes, and the status of its answer.
const TABLE: [(&str, Takes, &str, u16); 38] = [
    (
        "POST login/",
        Body,
        r#"{"username": "root", "password": "letmein"}"#,
        401,
    ),
    ("POST logout/", Nothing, "{}", 200),
    ("GET tenants/", BodyIfAny, "{}", 200),
    (
        "POST tenants/",
        Body,
        r#"{"tenantId": "new", "type": "Enterprise"}"#,
        201,
    ),
    ("GET tenants/t/", Nothing, "{}", 200),
    (
        "PUT tenants/t/",
        Body,
        r#"{"useCustomRoutingProfile": false}"#,
        200,
    ),
    (
        "DELETE tenants/t/",
        BodyIfAny,
        r#"{"deleteEvenIfNonEmpty": true}"#,
        200,
    ),
    ("GET tenants/t/domains/", Nothing, "{}", 200),
    (
        "PUT tenants/t/domains/",
        Body,
        r#"{"domains": ["example.org"]}"#,
        200,
    ),
    (
        "DELETE tenants/t/domains/",
        BodyIfAny,
        r#"{"domains": ["own.example"]}"#,
        200,
    ),
    ("GET tenants/t/groups/", BodyIfAny, "{}", 200),
    ("POST tenants/t/groups/", Body, r#"{"groupId": "new"}"#, 201),
    ("GET tenants/t/groups/g/", Nothing, "{}", 200),
    (
        "PUT tenants/t/groups/g/",
        Body,
        r#"{"groupName": "x"}"#,
        200,
    ),
    ("DELETE tenants/t/groups/g/", BodyIfAny, "{}", 200),
    ("GET tenants/t/groups/g/domains/", Nothing, "{}", 200),
    (
        "PUT tenants/t/groups/g/domains/",
        Body,
        r#"{"domains": ["example.org"]}"#,
        200,
    ),
    (
        "DELETE tenants/t/groups/g/domains/",
        BodyIfAny,
        r#"{"domains": ["example.org"]}"#,
        200,
    ),
    (
        "GET tenants/t/groups/g/users/u/properties/applications/",
        Nothing,
        "{}",
        200,
    ),
    (
        "GET tenants/t/groups/g/users/u/properties/applications/a/",
        Nothing,
        "{}",
        200,
    ),
    (
        "GET tenants/t/groups/g/users/u/properties/applications/a/k/",
        Nothing,
        "{}",
        200,
    ),
    (
        "PUT tenants/t/groups/g/users/u/properties/applications/a/k/",
        Body,
        r#"{"data": "x"}"#,
        200,
    ),
    (
        "DELETE tenants/t/groups/g/users/u/properties/applications/a/k/",
        Nothing,
        "{}",
        200,
    ),
    (
        "GET search/groups",
        BodyIfAny,
        r#"{"sensitiveGroupIdEquals": "g"}"#,
        200,
    ),
    ("GET system/domains/", Nothing, "{}", 200),
    (
        "POST system/domains/",
        Body,
        r#"{"domain": "new.example"}"#,
        201,
    ),
    (
        "DELETE system/domains/",
        BodyIfAny,
        r#"{"domain": "spare.example"}"#,
        200,
    ),
    ("GET local/resellers/", Nothing, "{}", 200),
    ("POST local/resellers/", Body, r#"{"name": "new"}"#, 201),
    ("GET local/resellers/n/", Nothing, "{}", 200),
    (
        "PUT local/resellers/n/",
        Body,
        r#"{"externalName": "x"}"#,
        200,
    ),
    ("DELETE local/resellers/n/", BodyIfAny, "{}", 200),
    ("GET configs/templates/categories/", Nothing, "{}", 200),
    (
        "GET configs/templates/categories/tenant/",
        Nothing,
        "{}",
        200,
    ),
    (
        "POST configs/templates/categories/tenant/templates/",
        Body,
        r#"{"name": "new", "data": {}}"#,
        201,
    ),
    (
        "GET configs/templates/categories/tenant/templates/n/",
        Nothing,
        "{}",
        200,
    ),
    (
        "PUT configs/templates/categories/tenant/templates/n/",
        Body,
        r#"{"description": "x"}"#,
        200,
    ),
    (
        "DELETE configs/templates/categories/tenant/templates/n/",
        Nothing,
        "{}",
        200,
    ),
];

/// The path of an operation with something in the place of each parameter.
fn path(template: &str, name: impl Fn(&str) -> String) -> String {
    let segments = template.split('/').map(|segment| {
        let parameter = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        parameter.map_or_else(|| segment.to_owned(), &name)
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Every operation of the API: a test fails that finds one without a row.
fn calls() -> Vec<Call> {
    let call = |operation: &Operation| {
        let path = path(&operation.path, |parameter| match parameter {
            "category" => "tenant".to_owned(),
            other => other[..1].to_owned(),
        });
        let line = format!(
            "{} {}",
            operation.method,
            path.strip_prefix("/api/v1/").unwrap()
        );
        let row = TABLE.iter().find(|(call, ..)| *call == line);
        assert!(row.is_some(), "`{line}` has no row");
        let (_, takes, body, status) = *row.unwrap();
        let body = serde_json::from_str(body).unwrap();
        Call {
            operation: operation.clone(),
            path,
            takes,
            body,
            status,
        }
    };
    let calls: Vec<_> = provost_profiles::family()
        .operations()
        .iter()
        .map(call)
        .collect();
    assert_eq!(calls.len(), TABLE.len());
    calls
}

impl Call {
    fn method(&self) -> &str {
        self.operation.method.as_str()
    }

    fn is_signing(&self) -> bool {
        self.path.ends_with("login/") || self.path.ends_with("logout/")
    }

    /// The path with a slash at its end, and without one.
    fn paths(&self) -> [String; 2] {
        let bare = self.path.trim_end_matches('/');
        [format!("{bare}/"), bare.to_owned()]
    }

    /// Asks at a path of the call, with its body if it takes one.
    async fn ask(&self, client: &Client, path: &str) -> Answer {
        match self.takes {
            Nothing => client.send(self.method(), path, None, "").await,
            _ => client.json(self.method(), path, &self.body).await,
        }
    }

    /// Whether asking once takes away what asking again needs.
    fn uses_up(&self) -> bool {
        ["POST", "DELETE"].contains(&self.method())
    }
}

/// Makes whatever the calls of the table need, of which some may be there.
async fn prepare(root: &Client) {
    let templates = "/api/v1/configs/templates/categories/tenant/templates/";
    let key = "/api/v1/tenants/t/groups/g/users/u/properties/applications/a/k/";
    for (method, path, body) in [
        ("DELETE", "/api/v1/tenants/new/", json!({})),
        ("DELETE", "/api/v1/tenants/t/groups/new/", json!({})),
        (
            "DELETE",
            "/api/v1/system/domains/",
            json!({"domain": "new.example"}),
        ),
        ("DELETE", "/api/v1/local/resellers/new/", json!({})),
        (
            "DELETE",
            "/api/v1/configs/templates/categories/tenant/templates/new/",
            json!({}),
        ),
        (
            "POST",
            "/api/v1/tenants/",
            json!({"tenantId": "t", "type": "Enterprise"}),
        ),
        ("POST", "/api/v1/tenants/t/groups/", json!({"groupId": "g"})),
        (
            "POST",
            "/api/v1/system/domains/",
            json!({"domain": "own.example"}),
        ),
        (
            "PUT",
            "/api/v1/tenants/t/domains/",
            json!({"domains": ["example.org", "own.example"]}),
        ),
        (
            "PUT",
            "/api/v1/tenants/t/groups/g/domains/",
            json!({"domains": ["example.org"]}),
        ),
        ("PUT", key, json!({"data": "x"})),
        (
            "POST",
            "/api/v1/system/domains/",
            json!({"domain": "spare.example"}),
        ),
        ("POST", "/api/v1/local/resellers/", json!({"name": "n"})),
        ("POST", templates, json!({"name": "n", "data": {}})),
    ] {
        let answer = root.json(method, path, &body).await;
        assert!(answer.status < 500, "{method} {path}: {}", answer.text());
    }
}

/// The routes as a server has them, where no other path is one.
fn at_large(world: &World, client: &Client) -> Client {
    let bases = JsonBases::of([&provost_profiles::family()]);
    client.at(world
        .router
        .clone()
        .fallback(async move |request: Request| {
            bases.reword(request.uri().path(), not_found_page().await)
        }))
}

/// A session's cookie alone, as a client has it that knows nothing of CSRF tokens.
async fn cookie(app: &App, user: i64) -> String {
    let begun = session::begin(app, user, &Author::program("test"))
        .await
        .unwrap();
    format!("sessionid={}", begun.key)
}

#[tokio::test]
async fn every_call_is_answered_by_an_object_with_and_without_the_final_slash() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        prepare(&root).await;
        for call in calls() {
            // Signing out ends the session.
            let nobody = call.is_signing().then(|| world.nobody());
            let client = nobody.as_ref().unwrap_or(&root);
            for path in call.paths() {
                let answer = call.ask(client, &path).await;
                let said = format!("{} {path}: {}", call.method(), answer.line());
                assert_eq!(answer.status, call.status, "{said}");
                assert!(answer.json().is_object(), "{said}");
                let kind = answer.header("content-type");
                assert_eq!(kind.as_deref(), Some("application/json"), "{said}");
                if call.uses_up() {
                    prepare(&root).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn who_is_nobody_is_let_in_to_sign_in_and_out_alone() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let stale = world
            .nobody()
            .header("cookie", "sessionid=0123456789abcdef");
        for call in calls().iter().filter(|call| !call.is_signing()) {
            for path in call.paths() {
                for client in [world.nobody(), stale.clone()] {
                    let answer = client.send(call.method(), &path, None, "").await;
                    assert_eq!(answer.line(), NOBODY, "{} {path}", call.method());
                    assert!(answer.header("www-authenticate").is_some());
                }
            }
        }
        for path in ["/api/v1/logout/", "/api/v1/logout"] {
            assert_eq!(
                world.nobody().send("POST", path, None, "").await.line(),
                "200 {}"
            );
        }
    }
}

#[tokio::test]
async fn a_method_or_a_format_that_no_call_has_is_refused() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        prepare(&root).await;
        let calls = calls();
        for call in &calls {
            let of_path = calls.iter().filter(|other| other.path == call.path);
            let served: Vec<&Method> = of_path.map(|other| &other.operation.method).collect();
            for method in ["PATCH", "POST", "PUT", "DELETE", "GET"] {
                if served.iter().any(|served| *served == method) {
                    continue;
                }
                for path in call.paths() {
                    let answer = root.json(method, &path, &json!({})).await;
                    let expected =
                        format!(r#"405 {{"details":"Method \"{method}\" not allowed."}}"#);
                    assert_eq!(answer.line(), expected, "{path}");
                    let allow = answer.header("allow").unwrap();
                    let allowed: Vec<_> = allow.split(", ").collect();
                    assert!(
                        served.iter().all(|one| allowed.contains(&one.as_str())),
                        "{allow}"
                    );
                    assert!(!allowed.contains(&method), "{allow}");
                }
            }
            let picky = root.clone().header("accept", "text/html");
            let answer = picky.json(call.method(), &call.path, &call.body).await;
            assert_eq!(answer.status, 406, "{}", call.path);
            assert!(answer.json()["details"].is_string(), "{}", answer.text());
        }
        for accept in [
            "application/json",
            "application/json, text/plain, */*",
            "text/html, */*;q=0.1",
        ] {
            let client = root.clone().header("accept", accept);
            done(client.get("/api/v1/tenants/t/").await, 200);
        }
    }
}

#[tokio::test]
async fn a_path_that_is_no_call_is_told_in_json() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = at_large(&world, &caller(&world, "root").await);
        let nobody = at_large(&world, &world.nobody());
        for path in [
            "",
            "nothing",
            "nothing/",
            "tenant/t/",
            "tenants/t/nothing/",
            "search/groups/x",
        ] {
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
                for client in [&root, &nobody] {
                    let answer = client
                        .json(method, &format!("/api/v1/{path}"), &json!({}))
                        .await;
                    assert_eq!(answer.line(), UNKNOWN, "{method} {path}");
                }
            }
        }
        for call in calls()
            .iter()
            .filter(|call| call.operation.path.contains('{'))
        {
            let path = path(&call.operation.path, |_| String::new());
            let answer = root.json(call.method(), &path, &call.body).await;
            assert_eq!(answer.line(), UNKNOWN, "{path}");
        }
        assert_ne!(nobody.get("/api/v2/").await.line(), UNKNOWN);
    }
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused_where_a_body_is_looked_at() {
    let wrong = [
        "x",
        "{",
        "[]",
        "[{}]",
        "7",
        "null",
        "true",
        "\"x\"",
        "{} {}",
        "{\"a\": 1,}",
    ];
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        prepare(&root).await;
        for call in calls() {
            let mut bodies: Vec<Vec<u8>> =
                wrong.iter().map(|text| text.as_bytes().into()).collect();
            bodies.extend([b"{\"a\": \"\xff\"}".into(), "[".repeat(100_000).into()]);
            match call.takes {
                Body => bodies.push(Vec::new()),
                BodyIfAny => {}
                Nothing => bodies.clear(),
            }
            for body in bodies {
                let said = String::from_utf8_lossy(&body[..body.len().min(10)]).into_owned();
                let kind = Some("application/json");
                let answer = root.send(call.method(), &call.path, kind, body).await;
                assert_eq!(answer.status, 416, "{} {} {said}", call.method(), call.path);
                assert!(answer.json()["details"].is_string(), "{}", answer.text());
            }
            // What needs no body is not asked for one.
            if call.takes != Body && !call.is_signing() {
                let answer = root.send(call.method(), &call.path, None, "").await;
                assert_ne!(answer.status, 416, "{} {}", call.method(), call.path);
                if call.uses_up() {
                    prepare(&root).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn members_that_nobody_knows_are_ignored_and_none_changes_nothing() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        prepare(&root).await;
        for call in calls().iter().filter(|call| !call.is_signing()) {
            let mut body = call.body.clone();
            body["nobody knows"] = json!({"": [null, 1e300]});
            let path = format!("{}?nobody=knows&format=xml&&=%", call.path);
            let answer = root.json(call.method(), &path, &body).await;
            let said = format!("{} {path}: {}", call.method(), answer.text());
            assert_eq!(answer.status, call.status, "{said}");
            if call.uses_up() {
                prepare(&root).await;
            }
        }
        prepare(&root).await;
        for path in [
            "/api/v1/tenants/t/",
            "/api/v1/tenants/t/groups/g/",
            "/api/v1/local/resellers/n/",
            "/api/v1/configs/templates/categories/tenant/templates/n/",
        ] {
            let before = done(root.get(path).await, 200);
            assert_eq!(
                done(root.put(path, &json!({})).await, 200),
                before,
                "{path}"
            );
            assert_eq!(done(root.get(path).await, 200), before, "{path}");
        }
    }
}

#[tokio::test]
async fn a_session_needs_no_token_but_no_page_of_another_site_may_use_it() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        tenant(&world, "t").await;
        let bare = world
            .nobody()
            .header("cookie", &cookie(&world.app, 1).await);
        let path = "/api/v1/tenants/t/";
        for (number, (header, value, status)) in [
            ("accept", "*/*", 200),
            ("sec-fetch-site", "same-origin", 200),
            ("sec-fetch-site", "none", 200),
            ("sec-fetch-site", "cross-site", 403),
            ("sec-fetch-site", "same-site", 403),
            ("origin", "http://testserver", 200),
            ("origin", "https://testserver", 403),
            ("origin", "http://testserver.example.com", 403),
            ("origin", "null", 403),
        ]
        .into_iter()
        .enumerate()
        {
            let client = bare.clone().header(header, value);
            let before = done(client.get(path).await, 200);
            let name = format!("number {number}");
            let answer = client.put(path, &json!({"name": name})).await;
            assert_eq!(answer.status, status, "{header}: {value}");
            if status == 403 {
                assert!(answer.json()["details"].is_string(), "{}", answer.text());
                for call in calls().iter().filter(|call| call.method() != "GET") {
                    let body = json!({"domain": "example.org"});
                    let status = client.json(call.method(), &call.path, &body).await.status;
                    assert_eq!(status, 403, "{} {}", call.method(), call.path);
                }
            }
            let after = done(bare.get(path).await, 200);
            let expected = if status == 200 {
                &json!(name)
            } else {
                &before["name"]
            };
            assert_eq!(&after["name"], expected, "{header}: {value}");
        }
    }
}

#[tokio::test]
async fn ids_in_paths_are_decoded_and_their_case_counts() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        for id in [
            "Foo",
            "a b",
            "é",
            "a?b#c",
            "a%2Fb",
            "a+b",
            "...",
            "\\",
            "a;b=c&d",
            "日本𝄞",
            "'\"<>",
        ] {
            tenant(&world, id).await;
            let path = format!("/api/v1/tenants/{}", encoded(id));
            assert_eq!(done(root.get(&path).await, 200)["tenantId"], id);
            let groups = format!("{path}/groups/");
            done(root.post(&groups, &json!({"groupId": id})).await, 201);
            let group = format!("{groups}{}", encoded(id));
            let shown = done(root.get(&group).await, 200);
            assert_eq!([&shown["tenantId"], &shown["groupId"]], [id, id]);
            let changed = done(
                root.put(&format!("{group}/"), &json!({"groupName": id}))
                    .await,
                200,
            );
            assert_eq!(changed["groupName"], id);
            done(root.delete(&group).await, 200);
            done(root.delete(&path).await, 200);
            let text = format!("Tenant '{id}' not found.");
            assert_eq!(done(root.get(&path).await, 404), json!({"details": text}));
        }
        tenant(&world, "Foo").await;
        group(&world, "Foo", "Bar").await;
        for (path, text) in [
            ("foo/", "Tenant 'foo' not found."),
            ("FOO/groups/Bar/", "Tenant 'FOO' not found."),
            ("Foo/groups/bar/", "Group 'bar' not found."),
            ("Foo/groups/%42ar/domains/", ""),
        ] {
            let answer = root.get(&format!("/api/v1/tenants/{path}")).await;
            let status = if text.is_empty() { 200 } else { 404 };
            assert_eq!(
                (
                    answer.status,
                    answer.json()["details"].as_str().unwrap_or_default()
                ),
                (status, text)
            );
        }
    }
}

/// A body with a NUL in each text of it, and in the names of free objects.
fn with_nuls(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}\0")),
        Value::Array(items) => items.iter().map(with_nuls).collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| (name.clone(), with_nuls(value)));
            members.collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_nul_is_refused_or_kept_and_never_a_failure() {
    let free = json!({"\0": ["\0", {"a\0": "\0b"}], "attributes": {"name": "\0"}});
    let everything = json!({"name": "\0", "description": "\0", "externalName": "\0", "extraData": free,
        "data": free, "type": "\0", "defaultDomain": "\0", "supportEmail": "@\0", "resellerId": "\0",
        "contact": {"name": "\0"}, "addressInformation": {"city": "\0"}, "templateName": "\0",
        "groupName": "\0", "cliName": "\0", "timeZone": "\0", "backendName": "\0", "domain": "\0",
        "domains": ["\0"], "_excludedAppIds": ["\0"], "insensitiveTenantIdContains": "\0",
        "insensitiveResellerIdEquals": "\0", "sensitiveGroupIdStarts": "\0", "sortOrders": ["\0"]});
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        let names: Vec<&String> = everything.as_object().unwrap().keys().collect();
        let pairs: Vec<String> = names.iter().map(|name| format!("{name}=%00")).collect();
        for call in calls().iter().filter(|call| !call.is_signing()) {
            prepare(&root).await;
            let mut bodies = vec![with_nuls(&call.body), everything.clone()];
            let mut paths = vec![format!("{}?{}", call.path, pairs.join("&"))];
            // Each by itself, beside what is right, so that none hides behind another.
            if call.takes == Body {
                bodies.extend(names.iter().map(|name| {
                    let mut body = call.body.clone();
                    body[name.as_str()] = everything[name.as_str()].clone();
                    body
                }));
            }
            if call.takes == BodyIfAny && call.method() == "GET" {
                paths.extend(pairs.iter().map(|pair| format!("{}?{pair}", call.path)));
            }
            for part in ["t", "g", "u", "a", "k", "n", "tenant"] {
                for nul in ["%00", "a%00b", "%FF"] {
                    let part = format!("/{part}/");
                    let other = call.path.replacen(&part, &format!("/{nul}/"), 1);
                    paths.extend((other != call.path).then_some(other));
                }
            }
            let mut answers = Vec::new();
            for path in &paths {
                answers.push((path, call.ask(&root, path).await));
            }
            for body in &bodies {
                let answer = root.json(call.method(), &call.path, body).await;
                answers.push((&call.path, answer));
            }
            for (path, answer) in answers {
                let line = answer.line();
                assert!(answer.status < 500, "{} {path}: {line}", call.method());
            }
        }
        let path = "/api/v1/local/resellers/nul/";
        let body = json!({"name": "nul", "extraData": free});
        done(root.post("/api/v1/local/resellers/", &body).await, 201);
        assert_eq!(done(root.get(path).await, 200)["extraData"], free);
        let answer = root.put(path, &json!({"externalName": "a\0"})).await;
        assert_eq!(codes(&answer), [(1002, "externalName".to_owned())]);
    }
}

#[tokio::test]
async fn what_a_path_cannot_lead_to_is_no_id_and_no_list_is_without_end() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        tenant(&world, "t").await;
        let root = caller(&world, "root").await;
        for id in [".", ".."] {
            let made = root
                .post(
                    "/api/v1/tenants/",
                    &json!({"tenantId": id, "type": "Enterprise"}),
                )
                .await;
            assert_eq!(codes(&made), [(1002, "tenantId".to_owned())]);
            let made = root
                .post("/api/v1/tenants/t/groups/", &json!({"groupId": id}))
                .await;
            assert_eq!(codes(&made), [(1002, "groupId".to_owned())]);
        }
        let orders = vec!["sensitiveAscendingGroupId"; 3000];
        let path = "/api/v1/tenants/t/groups/";
        let listed = root.json("GET", path, &json!({"sortOrders": orders})).await;
        assert_eq!(done(listed, 200), json!({"groups": []}));
        let domains = "/api/v1/tenants/t/domains/";
        let many = vec!["no.example"; 10_000];
        let refused = root.put(domains, &json!({"domains": many})).await;
        assert_eq!(codes(&refused).len(), 100);
        let more = vec!["no.example"; 10_001];
        let refused = root.put(domains, &json!({"domains": more})).await;
        assert_eq!(codes(&refused), [(1002, "domains".to_owned())]);
    }
}
