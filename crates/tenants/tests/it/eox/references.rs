//! Which organizations a body may name by their keys.

use serde_json::{Value, json};

use super::world::{caller, each, path, refused};

#[tokio::test]
async fn the_first_key_that_is_wrong_is_told() {
    let nobodys = |shown: &str| format!("Invalid pk \\\"{shown}\\\" - object does not exist.");
    let wrong = |kind: &str| format!("Incorrect type. Expected pk value, received {kind}.");
    let no_list = |kind: &str| format!("Expected a list of items but got type \\\"{kind}\\\".");
    let mut cases = Vec::new();
    for (sent, text) in [
        ("[999]", nobodys("999")),
        ("[1,999,\"a\"]", nobodys("999")),
        ("[1,\"a\",999]", wrong("str")),
        ("[1,-1]", nobodys("-1")),
        ("[0]", nobodys("0")),
        ("[999.5]", nobodys("999.5")),
        ("[99999999999999999999]", nobodys("99999999999999999999")),
        ("[1e300]", nobodys("1e+300")),
        ("[\"999\"]", nobodys("999")),
        ("[null]", nobodys("None")),
        ("[\"\"]", wrong("str")),
        ("[\"1.0\"]", wrong("str")),
        ("[\"a\\u0000\"]", wrong("str")),
        ("[true]", wrong("bool")),
        ("[false]", wrong("bool")),
        ("[[1]]", wrong("list")),
        ("[{\"id\":1}]", wrong("dict")),
        ("{\"x\":1}", wrong("str")),
        ("{\"999\":1}", nobodys("999")),
        ("\"str\"", no_list("str")),
        ("5", no_list("int")),
        ("1.5", no_list("float")),
        ("true", no_list("bool")),
        ("null", "This field may not be null.".to_owned()),
    ] {
        for target in ["configs/1/", "microsites/1/"] {
            cases.push((
                format!(r#"PATCH {target} {{"organizations":{sent}}}"#),
                format!(r#"400 {{"organizations":["{text}"]}}"#),
            ));
        }
    }
    let cases: Vec<(&str, &str)> = cases.iter().map(|(a, b)| (&**a, &**b)).collect();
    refused(&cases).await;
}

#[tokio::test]
async fn keys_are_read_leniently_and_each_counts_once() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        for (sent, expected) in [
            (json!([2, 1]), json!([1, 2])),
            (json!([1, 1, "1", 1.9, " 1 "]), json!([1])),
            (json!(["0_2"]), json!([2])),
            (json!({"2": 1, "1": "x"}), json!([1, 2])),
            (json!([]), json!([])),
            (json!({}), json!([])),
        ] {
            for target in ["configs/1/", "microsites/1/"] {
                let body = json!({"organizations": sent});
                let answer = client.json("PATCH", &path(target), &body).await;
                let found: &Value = &answer.json()["organizations"];
                assert_eq!((answer.status, found), (200, &expected), "{sent} {target}");
                let kept = client.get(&path(target)).await.json();
                assert_eq!(kept["organizations"], expected, "{sent} {target}");
            }
        }
    })
    .await;
}
