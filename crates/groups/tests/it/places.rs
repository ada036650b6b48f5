//! Hosts, sites and organizations: where a request is, and what it works on there.

use crate::world::{each, line, path};

const RED: &str = "11111111-1111-4111-8111-111111111111";
const BLUE: &str = "33333333-3333-4333-8333-333333333333";
const DENIED: &str = r#"403 {"detail":"You do not have permission to perform this action."}"#;
const NOT_FOUND: &str = r#"404 {"detail":"Not found."}"#;
const NOT_PERMITTED: &str =
    r#"403 {"detail":"Not permitted to use the `organization_uuid` parameter."}"#;

/// The names of the groups that a list shows, or the whole answer.
async fn names(client: &provost_testkit::Client, query: &str) -> String {
    let answer = client
        .get(&path(&format!("course-access-groups/{query}")))
        .await;
    match answer.json()["results"].as_array() {
        Some(rows) => rows
            .iter()
            .map(|row| row["name"].as_str().unwrap())
            .collect::<Vec<_>>()
            .join(" "),
        None => answer.line(),
    }
}

#[tokio::test]
async fn a_request_works_on_the_organization_of_its_host() {
    each(async |platform| {
        let reds = "Employees Customers";
        for (caller, host, expected) in [
            ("redadmin", "red.example.com", reds),
            ("redadmin", "RED.Example.COM", reds),
            ("redadmin", "red.example.com:8000", reds),
            // A site whose domain has this very port, and no organization.
            ("redadmin", "red.example.com:8001", DENIED),
            ("redadmin", "blue.example.com", DENIED),
            ("blueadmin", "blue.example.com", "Blues"),
            ("blueadmin", "red.example.com", DENIED),
            ("ron", "red.example.com", DENIED),
            ("lone", "red.example.com", DENIED),
            ("stan", "red.example.com", reds),
            ("root", "blue.example.com", "Blues"),
            // The main site, a site of nobody and a site of two have no organization.
            ("redadmin", "main.example.com", DENIED),
            ("redadmin", "empty.example.com", DENIED),
            ("redadmin", "both.example.com", DENIED),
            ("root", "main.example.com", NOT_FOUND),
            ("root", "empty.example.com", NOT_FOUND),
            ("root", "both.example.com", NOT_FOUND),
        ] {
            let client = platform.caller_at(caller, host).await;
            assert_eq!(names(&client, "").await, expected, "{caller} at {host}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_host_that_is_no_site_is_told_so_before_anything_else() {
    each(async |platform| {
        for (host, expected) in [
            ("nowhere.example.com", NOT_FOUND),
            ("red_example.com", r#"400 {"detail":"Bad Request"}"#),
            ("red.example.com:x", r#"400 {"detail":"Bad Request"}"#),
            (
                "red.example.com,evil.com",
                r#"400 {"detail":"Bad Request"}"#,
            ),
        ] {
            for caller in ["anonymous", "ron", "root"] {
                let client = platform.caller_at(caller, host).await;
                for asked in ["GET courses/", "PUT courses/", "POST memberships/ {"] {
                    assert_eq!(
                        line(&client, asked).await,
                        expected,
                        "{caller} {host} {asked}"
                    );
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn staff_name_an_organization_and_nobody_else_does() {
    each(async |platform| {
        let unknown = "99999999-9999-4999-8999-999999999999";
        let invalid = r#"400 {"organization_uuid":["'abc' is not a valid UUID."]}"#;
        for (caller, host, named, expected) in [
            ("root", "red.example.com", BLUE, "Blues"),
            ("stan", "main.example.com", RED, "Employees Customers"),
            ("stan", "both.example.com", BLUE, "Blues"),
            ("stan", "red.example.com", "", "Employees Customers"),
            ("stan", "red.example.com", unknown, NOT_FOUND),
            ("stan", "red.example.com", "abc", invalid),
            // The UUID of an organization whose site has one of its own is that of the site.
            (
                "stan",
                "red.example.com",
                "22222222-2222-4222-8222-222222222222",
                NOT_FOUND,
            ),
            ("redadmin", "red.example.com", RED, NOT_PERMITTED),
            ("redadmin", "red.example.com", "abc", NOT_PERMITTED),
            ("redadmin", "red.example.com", "", "Employees Customers"),
            ("ron", "red.example.com", RED, DENIED),
            ("blueadmin", "red.example.com", BLUE, DENIED),
        ] {
            let client = platform.caller_at(caller, host).await;
            let query = format!("?organization_uuid={named}");
            assert_eq!(
                names(&client, &query).await,
                expected,
                "{caller} {host} {named}"
            );
        }
        let dashless = platform.caller("root").await;
        let query = format!(
            "?organization_uuid={}",
            BLUE.replace('-', "").to_uppercase()
        );
        assert_eq!(names(&dashless, &query).await, "Blues");
    })
    .await;
}

#[tokio::test]
async fn a_named_organization_counts_for_every_method() {
    each(async |platform| {
        let root = platform.caller("root").await;
        let asked =
            format!(r#"POST course-access-groups/?organization_uuid={BLUE} {{"name":"New"}}"#);
        assert_eq!(
            line(&root, &asked).await,
            r#"201 {"id":4,"name":"New","description":""}"#
        );
        let made = platform.rows().await;
        let made = made.iter().find(|row| row["fields"]["name"] == "New");
        assert_eq!(made.unwrap()["fields"]["organization"], 2);
        for asked in [
            "GET course-access-groups/4/",
            "DELETE course-access-groups/4/",
        ] {
            assert_eq!(line(&root, asked).await, NOT_FOUND, "{asked}");
        }
        let asked = format!("DELETE course-access-groups/4/?organization_uuid={BLUE}");
        assert_eq!(line(&root, &asked).await, "204");
    })
    .await;
}

#[tokio::test]
async fn a_key_that_can_be_none_is_no_path() {
    each(async |platform| {
        for caller in ["anonymous", "redadmin"] {
            let client = platform.caller(caller).await;
            for asked in [
                "GET courses/course-v1:Red+Py.1+2024/",
                "GET courses/course-v1%3ARed%2BPy%2E1%2B2024/",
                "GET courses/org%2Fold%2Fstyle/",
                "PATCH users/r.on/ {}",
            ] {
                assert_eq!(line(&client, asked).await, NOT_FOUND, "{caller} {asked}");
            }
        }
        for (asked, expected) in [
            ("GET courses/course-v1%3ARed%2BPy%2B2024/", "200"),
            ("GET courses/course-v1:Red+Py+2024/", "200"),
            ("GET courses/course-v1:Blue+Py+2024/", "404"),
            ("GET courses/nonsense/", "404"),
            ("GET users/99999999999999999999999/", "404"),
            ("GET users/-5/", "404"),
            ("GET users/x/", "404"),
            ("GET users/%205%20/", "200"),
        ] {
            let found = platform.line(asked).await;
            assert_eq!(found.get(..3), Some(expected), "{asked}: {found}");
        }
    })
    .await;
}
