//! Who is answered what: the status of every operation for callers who may more and more.
//!
//! The table is `access.txt`; whoever adds an operation adds what is asked of it there. A row
//! that is wrong is shown as it should be.

use std::collections::BTreeSet;

use provost_testkit::{World, Worlds};

use crate::platform::{CALLERS, caller, platform};

/// One line of the table below the name of its operation.
struct Row<'a> {
    operation: &'a str,
    /// A query after the path, or a body, or `-` for neither.
    asked: &'a str,
    statuses: Vec<u16>,
}

fn read(table: &str) -> Vec<Row<'_>> {
    let mut operation = "";
    let mut rows = Vec::new();
    for line in table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let Some(row) = line.strip_prefix("  ") else {
            operation = line;
            continue;
        };
        let mut words: Vec<&str> = row.split_whitespace().collect();
        let asked = words.remove(0);
        rows.push(Row {
            operation,
            asked,
            statuses: words.iter().map(|status| status.parse().unwrap()).collect(),
        });
    }
    rows
}

/// Parameters of paths that lead to nothing: whoever may is told so, and who may not is told that.
const NOWHERE: [&str; 7] = [
    "tenant",
    "tenant_id",
    "group",
    "user",
    "application",
    "category",
    "name",
];

/// Asks for one row as each caller, each in a session of their own, since some end it.
async fn statuses(world: &World, row: &Row<'_>) -> Vec<u16> {
    let (method, path) = row.operation.split_once(' ').unwrap();
    let path = path.replace("{username}", "reader");
    let key = match method {
        // Who may is told that there is nothing, and who may not is told so before.
        "DELETE" => "99",
        _ if path.contains("/courses/") => "course-v1:Org1+C1+R1",
        _ => "1",
    };
    let path = path.replace("{organization}", "Org1");
    let path = path.replace("{tenant_name}", "talent1");
    let path = NOWHERE.into_iter().fold(path, |path, name| {
        path.replace(&format!("{{{name}}}"), "nowhere")
    });
    let path = path.replace("{key}", key).replace("{id}", key);
    let (query, body) = match row.asked {
        "-" => ("", ""),
        query if query.starts_with('?') => (query, ""),
        body => ("", body),
    };
    let typed = match body.as_bytes() {
        [] => None,
        [b'{' | b'[', ..] => Some("application/json"),
        _ => Some("application/x-www-form-urlencoded"),
    };
    let mut statuses = Vec::new();
    for name in CALLERS {
        let client = caller(world, name).await;
        let target = format!("{path}{query}");
        let answer = client.send(method, &target, typed, body.to_owned()).await;
        statuses.push(answer.status);
    }
    statuses
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let listed: BTreeSet<String> = read(include_str!("access.txt"))
        .iter()
        .map(|row| row.operation.to_owned())
        .collect();
    let served: BTreeSet<String> = provost::families()
        .iter()
        .flat_map(|family| family.operations().to_vec())
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    let missing: Vec<_> = served.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&served).collect();
    assert!(
        missing.is_empty(),
        "without a row in access.txt: {missing:#?}"
    );
    assert!(
        stale.is_empty(),
        "in access.txt, but not served: {stale:#?}"
    );
}

#[tokio::test]
async fn everybody_is_answered_as_the_table_says() {
    for worlds in Worlds::each().await {
        let world = platform(&worlds).await;
        let mut wrong = Vec::new();
        for row in read(include_str!("access.txt")) {
            let found = statuses(&world, &row).await;
            if found != row.statuses {
                let found: Vec<String> = found.iter().map(u16::to_string).collect();
                wrong.push(format!(
                    "{}\n  {} {}",
                    row.operation,
                    row.asked,
                    found.join(" ")
                ));
            }
        }
        assert!(
            wrong.is_empty(),
            "rows as they should be:\n{}",
            wrong.join("\n")
        );
    }
}

/// A superuser whose account is inactive.
const LAPSED: &str = r#"[{"model": "auth.user", "pk": 50, "fields": {"username": "lapsed", "email": "", "is_active": false,
 "is_staff": true, "is_superuser": true, "date_joined": "2026-01-02T03:04:05Z"}}]"#;

#[tokio::test]
async fn our_own_api_refuses_whose_account_is_inactive() {
    let worlds = Worlds::sqlite().await;
    let world = platform(&worlds).await;
    world.import(LAPSED).await;
    let lapsed = world.session_of(50).await;
    let families = provost::families();
    let operations = families.iter().flat_map(provost_drf::Family::operations);
    // Who has a session may see that, and end it; a proxy that asks for a host is nobody.
    let others = ["session", "tenants/known-host"];
    let ours = operations.filter(|operation| {
        let below = operation.path.strip_prefix("/api/provost/v1/");
        below.is_some_and(|below| !others.contains(&below))
    });
    let mut asked = 0;
    for operation in ours {
        let path = operation.path.replace(['{', '}'], "");
        let answer = lapsed
            .send(operation.method.as_str(), &path, None, "")
            .await;
        let detail = answer.json()["detail"].clone();
        assert_eq!(
            (answer.status, detail.as_str()),
            (403, Some("The account is inactive.")),
            "{path}"
        );
        asked += 1;
    }
    assert!(asked > 5);
}
