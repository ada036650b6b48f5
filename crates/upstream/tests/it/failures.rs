//! What each kind of misbehaviour is to a caller.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use provost_upstream::Failure;
use provost_upstream::lms::{ConfigBody, Lms, Settings};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::stand::{Reply, Stand, json, status, with_header};

/// How each of the four kinds of call fails when it is answered so.
async fn check(reply: impl Fn() -> Reply, is_expected: impl Fn(&Failure) -> bool) {
    let stand = Stand::start().await;
    let lms = stand.lms();
    stand.will((0..4).map(|_| reply()));
    let failures = all(&lms).await;
    for (call, failure) in failures {
        assert!(is_expected(&failure), "{call}: {failure:?}");
    }
    assert_eq!(stand.seen().len(), 4, "nothing is asked twice");
}

async fn all(lms: &Lms) -> [(&'static str, Failure); 4] {
    let body = ConfigBody::default();
    // At the same time, because some answers are waited for.
    let (list, create, put, delete) = tokio::join!(
        lms.configs(),
        lms.create_config(&body),
        lms.put_config(1, &body),
        lms.delete_config(1),
    );
    [
        ("list", list.unwrap_err()),
        ("create", create.unwrap_err()),
        ("put", put.unwrap_err()),
        ("delete", delete.unwrap_err()),
    ]
}

fn is_nonsense(failure: &Failure) -> bool {
    matches!(failure, Failure::Nonsense { .. })
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = Stand::start().await.settings();
    settings.base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (call, failure) in all(&Lms::new(&settings).unwrap()).await {
        let Failure::Unreachable { why } = &failure else {
            panic!("{call}: {failure:?}");
        };
        assert!(why.contains("refused"), "{why}");
    }
}

#[tokio::test]
async fn the_connection_is_closed_without_an_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = Stand::start().await.settings();
    settings.base_url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.readable().await.unwrap();
            drop(stream);
        }
    });
    for (call, failure) in all(&Lms::new(&settings).unwrap()).await {
        let is_expected = matches!(failure, Failure::Unreachable { .. });
        assert!(is_expected, "{call}: {failure:?}");
    }
}

/// A service that answers the first request of a connection and hangs up at the second. Gives its address, and how many
/// requests it has seen.
async fn hangs_up_at_the_second() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            for answer in ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]", ""] {
                if stream.read(&mut request).await.unwrap() > 0 {
                    counter.fetch_add(1, Ordering::Relaxed);
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    (url, seen)
}

#[tokio::test]
async fn a_write_whose_connection_breaks_is_not_sent_again() {
    let (base_url, seen) = hangs_up_at_the_second().await;
    let settings = Settings {
        base_url,
        access_token: "given".into(),
        ..Settings::default()
    };
    let lms = Lms::new(&settings).unwrap();
    assert_eq!(lms.routes().await.unwrap(), []);
    let failure = lms.create_route("one.example.com", 1).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Unreachable { .. }),
        "{failure:?}"
    );
    assert_eq!(seen.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_does_not_end_is_not_waited_for() {
    let late = |failure: &Failure| *failure == Failure::TimedOut;
    tokio::join!(check(|| Reply::Silence, late), check(|| Reply::Half, late));
}

#[tokio::test]
async fn an_overloaded_service_says_when_to_come_back() {
    for (code, asked, seconds) in [
        (429, "7", Some(7)),
        (503, "7", Some(7)),
        (500, "soon", None),
        (408, "", None),
    ] {
        let retry_after = seconds.map(Duration::from_secs);
        let busy = Failure::Busy {
            status: code,
            retry_after,
        };
        check(
            || with_header(code, "retry-after", asked),
            |failure| *failure == busy,
        )
        .await;
    }
}

#[tokio::test]
async fn a_refusal_does_not_pass() {
    let text = r#"{"external_key":["This field may not be blank."]}"#;
    let refused = Failure::Refused {
        status: 400,
        text: text.to_owned(),
    };
    let reply = || Reply::Answer(status(400, text));
    check(reply, |failure| *failure == refused).await;
}

#[tokio::test]
async fn missing_permission_is_said_of_us_and_passes() {
    let reply = || json(403, &json!({"detail": "No."}));
    let expected = Failure::Unauthorized { status: 403 };
    check(reply, |failure| *failure == expected).await;
}

#[tokio::test]
async fn a_page_for_people_is_no_answer_whatever_its_status() {
    for code in [200, 201, 400, 404] {
        let reply = || Reply::Answer(status(code, "<!DOCTYPE html><h1>Maintenance</h1>"));
        check(reply, is_nonsense).await;
    }
}

#[tokio::test]
async fn json_of_another_kind_is_no_answer() {
    for body in [
        json!({"detail": "hello"}),
        json!("hello"),
        json!([{"id": "1"}]),
    ] {
        check(|| json(200, &body), is_nonsense).await;
    }
}

#[tokio::test]
async fn an_answer_about_another_object_is_none() {
    let stand = Stand::start().await;
    stand.will([json(200, &json!({"id": 2}))]);
    let put = stand.lms().put_config(1, &ConfigBody::default()).await;
    assert!(is_nonsense(&put.unwrap_err()));
}

#[tokio::test]
async fn no_redirect_is_followed() {
    for code in [301, 302, 303, 307, 308] {
        let reply = || with_header(code, "location", "/elsewhere/?ticket=abracadabra");
        let why = format!("it redirects to `/elsewhere/` (status {code})");
        let expected = Failure::Nonsense { why };
        check(reply, |failure| *failure == expected).await;
    }
}

#[tokio::test]
async fn no_more_is_read_than_an_answer_can_be() {
    let stand = Stand::start().await;
    let lms = stand.lms();
    let object = format!("{{\"id\":1,\"x\":\"{}\"}}", "x".repeat(16 << 20));
    stand.will([Reply::Answer(status(200, object))]);
    let failure = lms.put_config(1, &ConfigBody::default()).await.unwrap_err();
    let why = format!("it is longer than {} bytes", 16 << 20);
    assert_eq!(failure, Failure::Nonsense { why });

    let mut settings = stand.settings();
    settings.timeout_seconds = 60;
    let lms = Lms::new(&settings).unwrap();
    let list = format!("[{}]", " ".repeat(64 << 20));
    stand.will([Reply::Answer(status(200, list))]);
    let failure = lms.configs().await.unwrap_err();
    let why = format!("it is longer than {} bytes", 64 << 20);
    assert_eq!(failure, Failure::Nonsense { why });
}
