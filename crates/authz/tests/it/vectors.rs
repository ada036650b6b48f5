//! The observed requests of the reference, answered in order.

use serde_json::Value;

use crate::world::{each, path};

const BASE: &str = "http://testserver/api/authz/v1";

/// One request and its answer.
#[derive(Default)]
struct Vector<'a> {
    number: &'a str,
    caller: &'a str,
    method: &'a str,
    target: String,
    content_type: Option<&'a str>,
    body: String,
    status: &'a str,
    json: Option<Value>,
}

/// Reads a block of lines; a line that begins with `#` is for people.
fn read(block: &str) -> Option<Vector<'_>> {
    let mut lines = block.lines().filter(|line| !line.starts_with('#'));
    let mut head = lines.next()?.splitn(4, ' ');
    let mut next = || head.next().unwrap();
    let mut vector = Vector {
        number: next(),
        caller: next(),
        method: next(),
        target: path(&expanded(next())),
        ..Vector::default()
    };
    for line in lines {
        match line.split_once(' ').unwrap() {
            ("type", text) => vector.content_type = Some(text),
            ("body", text) => {
                vector.content_type = vector.content_type.or(Some("application/json"));
                vector.body = expanded(text);
            }
            ("gives", text) => {
                let (status, json) = text.split_once(' ').unwrap_or((text, ""));
                let json = json.replace("{BASE}", BASE);
                vector.status = status;
                vector.json = (!json.is_empty()).then(|| serde_json::from_str(&json).unwrap());
            }
            (other, _) => panic!("{}: what is {other}?", vector.number),
        }
    }
    Some(vector)
}

/// Writes `<256 x>` out.
fn expanded(text: &str) -> String {
    let Some((before, rest)) = text.split_once("<256 ") else {
        return text.to_owned();
    };
    let (letter, after) = rest.split_once('>').unwrap();
    format!("{before}{}{after}", letter.repeat(256))
}

#[tokio::test]
async fn requests_are_answered_as_observed() {
    let vectors: Vec<Vector<'_>> = include_str!("vectors.txt")
        .split("\n\n")
        .filter_map(read)
        .collect();
    assert_eq!(vectors.len(), 152);
    each(async |platform| {
        for vector in &vectors {
            let caller = platform.caller(vector.caller).await;
            let answer = caller
                .send(
                    vector.method,
                    &vector.target,
                    vector.content_type,
                    vector.body.clone(),
                )
                .await;
            let what = format!("{} {}", vector.number, vector.target);
            assert_eq!(
                answer.status.to_string(),
                vector.status,
                "{what}: {}",
                answer.text()
            );
            if let Some(json) = &vector.json {
                assert_eq!(&answer.json(), json, "{what}");
            }
        }
    })
    .await;
}
