//! How a server that pushes comes to its end.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::json;

use super::processes::{Listening, Lms, Pushing, until};
use crate::workflow::Installation;

const CREATE: &str = "/api/tenant/v1/create";

fn create(pushing: &Pushing, server: &Listening, name: &str) {
    let body = json!({"tenant_name": name, "platform_name": "A platform"});
    pushing.ask(server, "POST", CREATE, &body);
}

/// A request whose body never comes.
fn begin_a_request(pushing: &Pushing, server: &Listening) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let header = pushing.header();
    write!(
        stream,
        "POST {CREATE} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n{header}\r\n\r\n{{",
        server.address
    )
    .unwrap();
    stream
}

#[test]
fn nothing_new_is_pushed_while_requests_finish() {
    let lms = Lms::start();
    let pushing = Pushing::to(&lms, Installation::on_sqlite());
    let mut server = pushing.serve();
    create(&pushing, &server, "first");
    pushing.pushed();
    lms.mode(&json!({"mode": "slow", "milliseconds": 300, "methods": ["POST"]}));
    for number in 0..5 {
        create(&pushing, &server, &format!("tenant{number}"));
    }
    let waits = begin_a_request(&pushing, &server);
    server.tell();
    until("nothing is pushed any more", || {
        pushing.status()["holder"].is_null()
    });
    assert!(!server.has_ended());
    let left = pushing.status()["backlog"].as_u64().unwrap();
    assert!(left > 0, "everything was pushed all the same");
    drop(waits);
    until("it ends", || server.has_ended());
}

#[test]
fn the_second_signal_ends_it_while_the_lms_is_waited_for() {
    let lms = Lms::start();
    let pushing =
        Pushing::to(&lms, Installation::on_sqlite()).with("PROVOST__LMS__TIMEOUT_SECONDS", "300");
    let mut server = pushing.serve();
    create(&pushing, &server, "first");
    pushing.pushed();
    lms.mode(&json!({"mode": "slow", "milliseconds": 300_000, "methods": ["POST"]}));
    create(&pushing, &server, "second");
    until("the LMS is asked", || lms.journal().len() > 2);
    server.tell();
    until("no request is taken any more", || {
        TcpStream::connect(&server.address).is_err()
    });
    assert!(!server.has_ended());
    server.tell();
    until("it ends", || server.has_ended());
}
