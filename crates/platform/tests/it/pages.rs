//! Reading the log: pages, filters, lines, and who may.

use chrono::TimeDelta;
use provost_store::changes::{Entry, Outcome};
use provost_testkit::Client;
use serde_json::{Value, json};

use crate::world::{CHANGES, Platform, each, lines, now, seqs};

async fn page(caller: &Client, query: &str) -> Value {
    let answer = caller.get(&format!("{CHANGES}?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn results(page: &Value) -> Vec<i64> {
    seqs(page["results"].as_array().unwrap())
}

fn entry(actor: &str, kind: &str, subject: &str) -> Entry {
    Entry {
        actor: actor.to_owned(),
        ..Entry::new(kind, subject)
    }
}

/// Four entries, a second apart.
async fn write_four(platform: &Platform) -> i64 {
    let last = platform.last().await;
    platform.write(&[entry("zoe", "test.role", "s1")]).await;
    platform
        .write(&[entry("Zoe", "test.role.given", "s1")])
        .await;
    let denied = Entry {
        outcome: Outcome::Denied,
        org: Some("BeeU".to_owned()),
        ..entry("zoe", "test.other", "s 2")
    };
    platform.write(&[denied]).await;
    platform.write(&[entry("yan", "test.roles", "s1")]).await;
    last
}

#[tokio::test]
async fn filters_keep_what_they_say_on_pages_and_lines() {
    each(async |platform| {
        let last = write_four(platform).await;
        let second = |number: i64| {
            let time = now() + TimeDelta::seconds(number);
            provost_drf::times::text(&time)
        };
        let cases = [
            ("kind=test.".to_owned(), &[1, 2, 3, 4][..]),
            ("actor=zoe".to_owned(), &[1, 3]),
            ("kind=test.role".to_owned(), &[1, 2, 4]),
            ("kind=test.role.".to_owned(), &[2]),
            ("subject=s%202".to_owned(), &[3]),
            ("org=BeeU&kind=test".to_owned(), &[3]),
            ("outcome=denied".to_owned(), &[3]),
            ("outcome=done&actor=zoe".to_owned(), &[1]),
            (format!("from={}", second(2)), &[2, 3, 4]),
            (format!("from={}&until={}", second(2), second(4)), &[2, 3]),
            ("actor=zoe&subject=s1".to_owned(), &[1]),
            ("actor=&kind=test.roles".to_owned(), &[4]),
            ("actor=nobody".to_owned(), &[]),
            ("actor=%27+OR+1%3D1--".to_owned(), &[]),
        ];
        for (query, expected) in cases {
            let expected: Vec<i64> = expected.iter().map(|number| last + number).collect();
            assert_eq!(
                seqs(&lines(&platform.root, &query).await),
                expected,
                "{query}"
            );
            let mut newest_first = expected;
            newest_first.reverse();
            assert_eq!(
                results(&page(&platform.root, &query).await),
                newest_first,
                "{query}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn pages_neither_repeat_nor_miss_while_the_log_grows() {
    each(async |platform| {
        let last = write_four(platform).await;
        let first = page(&platform.root, "kind=test&limit=2").await;
        assert_eq!(results(&first), [last + 4, last + 3]);
        platform.write(&[entry("zoe", "test.late", "s1")]).await;
        let next = first["next"].as_str().unwrap();
        let second = platform.root.get(next).await.json();
        assert_eq!(results(&second), [last + 2, last + 1]);
        assert_eq!(second["next"], json!(null));
        let again = page(&platform.root, "kind=test&limit=1").await;
        assert_eq!(
            results(&again),
            [last + 5],
            "a new reading begins with what is new"
        );
    })
    .await;
}

#[tokio::test]
async fn an_export_is_the_whole_log_in_its_order_and_goes_on_where_a_former_one_ended() {
    each(async |platform| {
        // More than two chunks.
        let many: Vec<Entry> = (0..2_100)
            .map(|number| entry("zoe", "test.many", &format!("s{number}")))
            .collect();
        platform.write(&many).await;
        let last = platform.last().await;
        let all = lines(&platform.root, "").await;
        assert_eq!(seqs(&all), (1..=last).collect::<Vec<i64>>());
        assert_eq!(all.last().unwrap()["subject"], json!("s2099"));
        assert_eq!(
            lines(&platform.root, &format!("after={last}")).await,
            [] as [Value; 0]
        );
        platform.write(&[entry("zoe", "test.late", "s")]).await;
        let rest = lines(&platform.root, &format!("after={last}")).await;
        assert_eq!(seqs(&rest), [last + 1]);
        let some = lines(
            &platform.root,
            &format!("after={}&kind=test.many", last - 2),
        )
        .await;
        assert_eq!(seqs(&some), [last - 1, last]);
        let newest = page(&platform.root, "limit=1").await;
        assert_eq!(
            newest["results"],
            json!(rest),
            "a line is the entry of a page"
        );
    })
    .await;
}

#[tokio::test]
async fn staff_alone_reads_the_log() {
    let problem = |title: &str, status: u16, detail: &str| json!({"type": "about:blank", "title": title, "status": status, "detail": detail});
    let denied = "You do not have permission to perform this action.";
    let nobody = "Authentication credentials were not provided.";
    each(async |platform| {
        for below in ["", "/export"] {
            for (name, expected) in [
                ("ada", problem("Forbidden", 403, denied)),
                ("anonymous", problem("Unauthorized", 401, nobody)),
            ] {
                let caller = platform.caller(name).await;
                for query in ["", "?outcome=nonsense"] {
                    let answer = caller.get(&format!("{CHANGES}{below}{query}")).await;
                    assert_eq!(answer.json(), expected, "{below}{query} by {name}");
                    assert_eq!(answer.status, expected["status"]);
                }
                let answer = caller.json("POST", CHANGES, &json!({})).await;
                assert_eq!(answer.status, expected["status"], "POST by {name}");
            }
            let root = platform
                .root
                .json("DELETE", &format!("{CHANGES}{below}"), &json!({}))
                .await;
            assert_eq!(root.status, 405);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_filter_is_said() {
    let time = "Datetime has wrong format. Use one of these formats instead: \
                YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
    each(async |platform| {
        for (target, errors) in [
            (
                "?outcome=maybe&from=soon",
                json!({"outcome": ["\"maybe\" is not a valid choice."], "from": [time]}),
            ),
            ("?until=2026-13-01", json!({"until": [time]})),
            (
                "?actor=a%00b",
                json!({"actor": ["Null characters are not allowed."]}),
            ),
            ("?cursor=zz", json!({"cursor": ["Invalid cursor"]})),
            // Sealed as ours are, but no number.
            ("?cursor=6162", json!({"cursor": ["Invalid cursor"]})),
            (
                "?limit=abc",
                json!({"limit": ["A whole number from 1 on is required."]}),
            ),
            (
                "?limit=0",
                json!({"limit": ["A whole number from 1 on is required."]}),
            ),
            (
                "?kind=test&kinds=authz.",
                json!({"kinds": ["There is no such parameter."]}),
            ),
            (
                "?after=7",
                json!({"after": ["There is no such parameter."]}),
            ),
            (
                "/export?limit=7",
                json!({"limit": ["There is no such parameter."]}),
            ),
            (
                "/export?after=x",
                json!({"after": ["A valid integer is required."]}),
            ),
            (
                "/export?after=-1",
                json!({"after": ["Ensure this value is greater than or equal to 0."]}),
            ),
            (
                "/export?outcome=maybe",
                json!({"outcome": ["\"maybe\" is not a valid choice."]}),
            ),
        ] {
            let answer = platform.root.get(&format!("{CHANGES}{target}")).await;
            assert_eq!(answer.status, 400, "{target}");
            assert_eq!(answer.json()["errors"], errors, "{target}");
        }
    })
    .await;
}
