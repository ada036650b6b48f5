//! Criteria, order and limits of lists (specification, sections 5.1, 7.2 and 7.3).

use provost_app::settings::{ObjectCreation, Profiles};
use provost_testkit::{Client, World};
use serde_json::{Value, json};

use super::protocol::encoded;
use super::world::{caller, codes, done, each, group, plain, tenant, with};

const TENANTS: &str = "/api/v1/tenants/";
const GROUPS: &str = "/api/v1/tenants/t/groups/";
const SEARCH: &str = "/api/v1/search/groups";

/// Members as a query says them.
fn query(body: &Value) -> String {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let pairs = body.as_object().unwrap().iter().flat_map(|(name, value)| {
        let values = value
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![value.clone()]);
        let values = values.into_iter().map(|value| encoded(&text(&value)));
        values
            .map(|value| format!("{name}={value}"))
            .collect::<Vec<_>>()
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// What a list shows of a member, where the criteria are in the body and where they are in the query.
async fn found(client: &Client, path: &str, member: &str, body: &Value) -> Vec<String> {
    let ids = |answer: Value| {
        let rows = answer.as_object().unwrap().values().next().unwrap().clone();
        let rows = rows.as_array().unwrap().clone().into_iter();
        rows.map(|row| row[member].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let by_body = ids(done(client.json("GET", path, body).await, 200));
    let by_query = ids(done(
        client.get(&format!("{path}?{}", query(body))).await,
        200,
    ));
    assert_eq!(by_body, by_query, "{path} {body}");
    by_body
}

/// Asks in both ways for what is refused because of one member.
async fn refused(client: &Client, path: &str, body: &Value, parameter: &str) {
    for answer in [
        client.json("GET", path, body).await,
        client.get(&format!("{path}?{}", query(body))).await,
    ] {
        assert_eq!(answer.status, 400, "{path} {body}: {}", answer.text());
        assert_eq!(
            codes(&answer),
            [(1002, parameter.to_owned())],
            "{path} {body}"
        );
    }
}

fn data() -> Profiles {
    Profiles {
        apio_object_creation: ObjectCreation {
            tenant_data: true,
            reseller: true,
        },
        ..Profiles::default()
    }
}

/// Texts to be found, in the order of their code points.
const TEXTS: [&str; 5] = [
    "ELAN_VITAL",
    "Strasse",
    "Straße",
    "x\\élan 100%",
    "Élan*vital.?",
];

/// The end of a criterion, what it is compared with, and the places of the texts that are like it.
const INSENSITIVE: [(&str, &str, &[usize]); 21] = [
    ("Equals", "elan_vital", &[0]),
    ("Equals", "elan%vital", &[]),
    ("Equals", "éLAN*VITAL.?", &[4]),
    ("Equals", "STRASSE", &[1]),
    ("Equals", "STRAẞE", &[2]),
    ("Equals", "x", &[]),
    ("Contains", "ÉLAN", &[3, 4]),
    ("Contains", "Lan", &[0, 3, 4]),
    ("Contains", "%", &[3]),
    ("Contains", "_", &[0]),
    ("Contains", "*", &[4]),
    ("Contains", "\\", &[3]),
    ("Contains", "ß", &[2]),
    ("Contains", ".", &[4]),
    ("Contains", "", &[0, 1, 2, 3, 4, 5]),
    ("Starts", "STRA", &[1, 2]),
    ("Starts", "É", &[4]),
    ("Starts", "X\\", &[3]),
    ("Starts", "%", &[]),
    ("Starts", "_", &[]),
    ("Starts", "", &[0, 1, 2, 3, 4, 5]),
];

fn places(all: &[&str], places: &[usize]) -> Vec<String> {
    places.iter().map(|place| all[*place].to_owned()).collect()
}

#[tokio::test]
async fn tenants_are_found_by_each_text_whatever_its_case() {
    for worlds in each().await {
        let world = with(&worlds, data()).await;
        let root = caller(&world, "root").await;
        let all = [&TEXTS[..], &["～"]].concat();
        for text in TEXTS.iter().rev() {
            let body = json!({"tenantId": text, "type": "Enterprise", "name": text, "externalId1": text,
                "externalId2": text, "externalId3": text, "externalId4": text});
            done(root.post(TENANTS, &body).await, 201);
        }
        tenant(&world, "～").await;
        for stem in [
            "TenantId",
            "TenantName",
            "ExternalId1",
            "ExternalId2",
            "ExternalId3",
            "ExternalId4",
        ] {
            for (end, text, expected) in INSENSITIVE {
                let name = format!("insensitive{stem}{end}");
                let ids = found(&root, TENANTS, "tenantId", &json!({name.clone(): text})).await;
                assert_eq!(ids, places(&all, expected), "{name} {text}");
            }
            // Nothing is a text of its own where others call a tenant nothing.
            let name = format!("insensitive{stem}Equals");
            let expected = if stem.starts_with("External") {
                &all[5..]
            } else {
                &all
            };
            assert_eq!(
                found(&root, TENANTS, "tenantId", &json!({name: ""})).await,
                expected
            );
        }
        let one = json!({"insensitiveTenantIdContains": "lan", "insensitiveTenantNameStarts": "x",
            "insensitiveExternalId4Equals": TEXTS[3]});
        assert_eq!(found(&root, TENANTS, "tenantId", &one).await, [TEXTS[3]]);
        let none =
            json!({"insensitiveTenantIdContains": "lan", "insensitiveTenantNameStarts": "s"});
        assert_eq!(found(&root, TENANTS, "tenantId", &none).await, [""; 0]);
    }
}

/// Tenants whose ids are not in the order in which UTF-16, or people, have them.
async fn owned(world: &World, root: &Client) {
    for (id, kind, reseller) in [
        ("😀", "ServiceProvider", None),
        ("～", "Enterprise", Some("ÉCO")),
        ("b", "ServiceProvider", Some("Éco")),
        ("C", "Enterprise", Some("eco")),
        ("a", "Enterprise", None),
        ("é", "Enterprise", Some("Éco")),
    ] {
        let body = json!({"tenantId": id, "type": kind, "resellerId": reseller, "externalId3": id});
        done(root.post(TENANTS, &body).await, 201);
    }
    tenant(world, "a-1").await;
}

#[tokio::test]
async fn tenants_are_in_the_order_of_their_ids_and_no_more_than_are_wanted() {
    for worlds in each().await {
        let world = with(&worlds, data()).await;
        let root = caller(&world, "root").await;
        owned(&world, &root).await;
        let all = ["C", "a", "a-1", "b", "é", "～", "😀"];
        for (body, expected) in [
            (json!({}), &all[..]),
            (json!({"sizeLimit": 1}), &all[..1]),
            (json!({"sizeLimit": 6}), &all[..6]),
            (json!({"sizeLimit": i64::MAX}), &all),
            (json!({"type": "ServiceProvider"}), &["b", "😀"]),
            (json!({"type": "Enterprise", "sizeLimit": 2}), &["C", "a"]),
            (json!({"type": ""}), &all),
            (json!({"sizeLimit": ""}), &all),
            (
                json!({"insensitiveResellerIdEquals": "éCO"}),
                &["b", "é", "～"],
            ),
            (
                json!({"insensitiveResellerIdEquals": "eco", "type": "Enterprise"}),
                &["C"],
            ),
            (json!({"insensitiveResellerIdEquals": "%"}), &[]),
            (json!({"insensitiveResellerIdEquals": ""}), &all),
            (json!({"insensitiveExternalId3Equals": ""}), &["a-1"]),
        ] {
            assert_eq!(
                found(&root, TENANTS, "tenantId", &body).await,
                expected,
                "{body}"
            );
        }
        for (name, values) in [
            (
                "sizeLimit",
                vec![json!(0), json!(-1), json!(1.5), json!("x"), json!(true)],
            ),
            (
                "type",
                vec![json!("enterprise"), json!("x"), json!("ServiceProvider ")],
            ),
        ] {
            for value in values {
                refused(&root, TENANTS, &json!({name: value}), name).await;
            }
        }
        for body in [
            json!({"sizeLimit": "1"}),
            json!({"insensitiveTenantIdStarts": 5}),
            json!({"type": 1}),
        ] {
            let name = body.as_object().unwrap().keys().next().unwrap();
            let answer = root.json("GET", TENANTS, &body).await;
            assert_eq!(codes(&answer), [(1002, name.clone())]);
        }
        // What the body says counts, an empty text too, and the query says the rest.
        for (in_query, in_body, expected) in [
            (
                "type=ServiceProvider",
                json!({"type": "Enterprise", "sizeLimit": 1}),
                &all[..1],
            ),
            ("sizeLimit=1", json!({"type": "ServiceProvider"}), &["b"]),
            ("type=ServiceProvider", json!({"type": ""}), &all),
            (
                "type=nonsense&sizeLimit=0",
                json!({"type": "ServiceProvider", "sizeLimit": 9}),
                &["b", "😀"],
            ),
            (
                "type=nonsense&type=ServiceProvider",
                json!({"sizeLimit": 1}),
                &["b"],
            ),
        ] {
            let answer = root
                .json("GET", &format!("{TENANTS}?{in_query}"), &in_body)
                .await;
            let rows = done(answer, 200)["tenants"].as_array().unwrap().clone();
            let ids: Vec<_> = rows
                .iter()
                .map(|row| row["tenantId"].as_str().unwrap())
                .collect();
            assert_eq!(ids, expected, "{in_query} {in_body}");
        }
    }
}

#[tokio::test]
async fn a_list_shows_of_a_tenant_what_is_set_and_no_more() {
    let sparse = json!({"tenantId": "a", "type": "Enterprise", "name": ""});
    for worlds in each().await {
        for tenant_data in [true, false] {
            let mut settings = data();
            settings.apio_object_creation.tenant_data = tenant_data;
            let world = with(&worlds, settings).await;
            let root = caller(&world, "root").await;
            tenant(&world, "a").await;
            let mut full = json!({"tenantId": "b", "type": "ServiceProvider", "name": "B", "resellerId": "R",
                "externalId2": "two", "externalId4": "four"});
            let mut body = full.clone();
            body["supportEmail"] = "a@b".into();
            body["contact"] = json!({"name": "x"});
            done(root.post(TENANTS, &body).await, 201);
            if !tenant_data {
                full.as_object_mut()
                    .unwrap()
                    .retain(|name, _| !name.starts_with("external"));
            }
            let listed = done(root.get(TENANTS).await, 200);
            assert_eq!(listed, json!({"tenants": [sparse, full]}));
            for (place, end) in
                (1..=4).flat_map(|place| ["Equals", "Contains", "Starts"].map(|end| (place, end)))
            {
                for value in [json!("nobody"), json!(""), json!(5)] {
                    let body = json!({format!("insensitiveExternalId{place}{end}"): value});
                    let answer = root.json("GET", TENANTS, &body).await;
                    // Without tenant data nobody looks at them, whatever they are.
                    if !tenant_data {
                        assert_eq!(done(answer, 200), listed, "{body}");
                    } else if value == json!(5) {
                        assert_eq!(answer.status, 400, "{body}");
                    }
                }
            }
        }
    }
}

/// Groups of the tenant `t`: id and name.
const NAMED: [(&str, &str); 5] = [("b", "W"), ("Ç", "x"), ("A", "y"), ("d", "Z"), ("ç", "x")];

async fn named(world: &World, root: &Client) {
    tenant(world, "t").await;
    for (id, name) in NAMED {
        let body = json!({"groupId": id, "groupName": name, "userLimit": 3});
        done(root.post(GROUPS, &body).await, 201);
    }
}

#[tokio::test]
async fn groups_are_found_by_each_text() {
    const SENSITIVE: [(&str, &str, &[usize]); 11] = [
        ("Equals", "Straße", &[2]),
        ("Equals", "straße", &[]),
        ("Equals", "ELAN%VITAL", &[]),
        ("Contains", "élan", &[3]),
        ("Contains", "lan", &[3, 4]),
        ("Contains", "%", &[3]),
        ("Contains", "_", &[0]),
        ("Starts", "Stra", &[1, 2]),
        ("Starts", "stra", &[]),
        ("Starts", "\\", &[]),
        ("Equals", "", &[0, 1, 2, 3, 4, 5]),
    ];
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        tenant(&world, "t").await;
        let all = [&TEXTS[..], &["～"]].concat();
        for text in TEXTS {
            done(
                root.post(GROUPS, &json!({"groupId": text, "groupName": text}))
                    .await,
                201,
            );
        }
        group(&world, "t", "～").await;
        for stem in ["GroupId", "GroupName"] {
            let insensitive = INSENSITIVE.iter().map(|case| ("insensitive", case));
            let sensitive = SENSITIVE.iter().map(|case| ("sensitive", case));
            for (case, (end, text, expected)) in insensitive.chain(sensitive) {
                let name = format!("{case}{stem}{end}");
                // An empty text is no criterion, and a search has to have one.
                let some = json!({"insensitiveGroupIdEquals": "", name.clone(): text});
                let both = if text.is_empty() {
                    &[GROUPS][..]
                } else {
                    &[GROUPS, SEARCH]
                };
                for path in both {
                    let ids = found(&root, path, "groupId", &some).await;
                    assert_eq!(ids, places(&all, expected), "{path} {name} {text}");
                }
            }
        }
        let both =
            json!({"insensitiveGroupNameContains": "LAN", "sensitiveGroupIdContains": "LAN"});
        assert_eq!(found(&root, GROUPS, "groupId", &both).await, [TEXTS[0]]);
    }
}

#[tokio::test]
async fn groups_are_in_the_orders_that_are_wanted_the_first_before_the_next() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        named(&world, &root).await;
        let first = "A b d Ç ç";
        for (orders, expected) in [
            (json!([]), first),
            (json!(["sensitiveAscendingGroupId"]), first),
            (json!(["sensitiveDescendingGroupId"]), "ç Ç d b A"),
            (json!(["insensitiveAscendingGroupId"]), "A b d Ç ç"),
            (json!(["insensitiveDescendingGroupId"]), "Ç ç d b A"),
            (json!(["sensitiveAscendingGroupName"]), "b d Ç ç A"),
            (json!(["sensitiveDescendingGroupName"]), "A Ç ç d b"),
            (json!(["insensitiveAscendingGroupName"]), "b Ç ç A d"),
            (json!(["insensitiveDescendingGroupName"]), "d A Ç ç b"),
            (
                json!([
                    "insensitiveAscendingGroupName",
                    "sensitiveDescendingGroupId"
                ]),
                "b ç Ç A d",
            ),
            (
                json!([
                    "sensitiveDescendingGroupId",
                    "insensitiveAscendingGroupName"
                ]),
                "ç Ç d b A",
            ),
            (
                json!(["insensitiveDescendingGroupId", "sensitiveDescendingGroupId"]),
                "ç Ç d b A",
            ),
        ] {
            let body = json!({"sortOrders": orders});
            let ids = found(&root, GROUPS, "groupId", &body).await;
            assert_eq!(ids.join(" "), expected, "{body}");
        }
        // A query says them one by one, or together.
        let commas = "sortOrders=insensitiveAscendingGroupName,sensitiveDescendingGroupId";
        let answer = done(root.get(&format!("{GROUPS}?{commas}")).await, 200);
        let ids: Vec<_> = answer["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| &row["groupId"])
            .collect();
        assert_eq!(json!(ids), json!(["b", "ç", "Ç", "A", "d"]));
        for orders in [
            json!(["x"]),
            json!(["sensitiveAscendingGroupId", "ascendingGroupId"]),
        ] {
            refused(&root, GROUPS, &json!({"sortOrders": orders}), "sortOrders").await;
        }
        for orders in [
            json!("sensitiveAscendingGroupId"),
            json!([1]),
            json!({}),
            json!([null]),
        ] {
            let answer = root
                .json("GET", GROUPS, &json!({"sortOrders": orders}))
                .await;
            assert_eq!(
                codes(&answer),
                [(1002, "sortOrders".to_owned())],
                "{orders}"
            );
        }
    }
}

#[tokio::test]
async fn groups_are_had_by_the_page_and_no_more_than_are_wanted() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = caller(&world, "root").await;
        named(&world, &root).await;
        let page = |start: u64, size: u64| json!({"startIndex": start, "pageSize": size});
        let backwards = json!(["sensitiveDescendingGroupId"]);
        for (body, expected) in [
            (json!({"responseSizeLimit": 1}), "A"),
            (json!({"responseSizeLimit": 9}), "A b d Ç ç"),
            (json!({"pagingControl": page(1, 2)}), "A b"),
            (json!({"pagingControl": page(3, 2)}), "d Ç"),
            (json!({"pagingControl": page(5, 2)}), "ç"),
            (json!({"pagingControl": page(6, 2)}), ""),
            (json!({"pagingControl": page(u64::from(u32::MAX), 9)}), ""),
            (
                json!({"pagingControl": page(2, i64::MAX.unsigned_abs())}),
                "b d Ç ç",
            ),
            (
                json!({"pagingControl": page(i64::MAX.unsigned_abs(), i64::MAX.unsigned_abs())}),
                "",
            ),
            (
                json!({"pagingControl": page(2, 3), "responseSizeLimit": 2}),
                "b d",
            ),
            (
                json!({"pagingControl": page(2, 2), "responseSizeLimit": 3}),
                "b d",
            ),
            (
                json!({"pagingControl": page(2, 3), "sortOrders": backwards}),
                "Ç d b",
            ),
            (
                json!({"pagingControl": page(2, 3), "insensitiveGroupNameEquals": "X"}),
                "ç",
            ),
            (
                json!({"responseSizeLimit": 1, "sortOrders": backwards, "sensitiveGroupNameContains": "W"}),
                "b",
            ),
        ] {
            let ids = found(&root, GROUPS, "groupId", &body).await;
            assert_eq!(ids.join(" "), expected, "{body}");
        }
        for (name, values) in [
            (
                "responseSizeLimit",
                vec![json!(0), json!(-1), json!(1.5), json!("x"), json!({})],
            ),
            (
                "pagingControl",
                vec![
                    json!(1),
                    json!("x"),
                    json!({"startIndex": 0, "pageSize": 1}),
                    json!({"startIndex": 1, "pageSize": 0}),
                    json!({"startIndex": "1", "pageSize": 1}),
                    json!({"startIndex": 1, "pageSize": 2.5}),
                    json!({"startIndex": 1, "pageSize": null}),
                ],
            ),
        ] {
            for value in values {
                refused(&root, GROUPS, &json!({name: value}), name).await;
            }
        }
    }
}

#[tokio::test]
async fn a_search_asks_for_groups_of_all_tenants_by_one_criterion_at_least() {
    for worlds in each().await {
        let world = with(&worlds, data()).await;
        let root = caller(&world, "root").await;
        named(&world, &root).await;
        tenant(&world, "S").await;
        let body = json!({"groupId": "A", "groupName": "again", "resellerId": "R", "userLimit": 4});
        let made = done(root.post("/api/v1/tenants/S/groups/", &body).await, 201);
        assert_eq!(made["resellerId"], "R");
        let own = json!({"groupId": "A", "groupName": "again", "userLimit": 4, "tenantId": "S"});
        let other = json!({"groupId": "A", "groupName": "y", "userLimit": 3, "tenantId": "t"});
        for (criteria, expected) in [
            (json!({"sensitiveGroupIdEquals": "A"}), json!([own, other])),
            (
                json!({"insensitiveGroupIdStarts": "a", "sensitiveGroupNameEquals": "y"}),
                json!([other]),
            ),
            (
                json!({"insensitiveGroupIdEquals": "a", "responseSizeLimit": 1}),
                json!([own]),
            ),
            (
                json!({"insensitiveGroupIdEquals": "a", "sortOrders": ["sensitiveDescendingGroupName"]}),
                json!([other, own]),
            ),
            (json!({"sensitiveGroupIdEquals": "nobody"}), json!([])),
        ] {
            for answer in [
                root.json("GET", SEARCH, &criteria).await,
                root.get(&format!("{SEARCH}?{}", query(&criteria))).await,
                root.get(&format!("{SEARCH}/?{}", query(&criteria))).await,
            ] {
                assert_eq!(done(answer, 200), json!({"groups": expected}), "{criteria}");
            }
        }
        // A list shows who owns a group.
        let listed = done(root.get("/api/v1/tenants/S/groups/").await, 200);
        let mut shown = own;
        shown["resellerId"] = "R".into();
        assert_eq!(listed, json!({"groups": [shown]}));
        for criteria in [
            json!({}),
            json!({"sensitiveGroupIdEquals": ""}),
            json!({"responseSizeLimit": 1}),
            json!({"sortOrders": ["sensitiveAscendingGroupId"]}),
            json!({"groupId": "A"}),
        ] {
            for answer in [
                root.json("GET", SEARCH, &criteria).await,
                root.get(&format!("{SEARCH}?{}", query(&criteria))).await,
            ] {
                assert_eq!(codes(&answer), [(1001, String::new())], "{criteria}");
            }
        }
    }
}
