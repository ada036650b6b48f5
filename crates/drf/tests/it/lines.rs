//! Answers of any length.

use std::io;

use axum::body::to_bytes;
use axum::response::IntoResponse;
use provost_drf::{Dialect, Family, Lines, View};

use crate::world::{Ask, answer};

type Chunk = Option<(Vec<u8>, u8)>;

async fn three_chunks(at: u8) -> io::Result<Chunk> {
    Ok(match at {
        0 => Some((vec![1, 2], 1)),
        1 => Some((vec![], 2)),
        2 => Some((vec![3], 3)),
        _ => None,
    })
}

async fn broken(at: u8) -> io::Result<Chunk> {
    match at {
        0 => Ok(Some((vec![1], 1))),
        _ => Err(io::Error::other("the disk is on fire")),
    }
}

async fn lines() -> Lines<u8> {
    Lines::in_chunks(0, three_chunks)
}

fn family() -> Family<()> {
    Family::at("/api/", "api", "Lines")
        .dialect(Dialect::Problems)
        .view("lines", View::new().get(lines, "Lines"))
}

#[test]
fn each_row_is_a_line_however_the_rows_come() {
    for accept in ["*/*", "application/x-ndjson", "application/json"] {
        let found = answer(
            family(),
            &Ask::ada("GET", "/api/lines").with("accept", accept),
        );
        assert_eq!(found.line(), "200 1\n2\n3\n", "{accept}");
        assert_eq!(found.header("content-type"), "application/x-ndjson");
    }
    let document = provost_drf::document("t", "1", &[&family()]).unwrap();
    let content = document.pointer("/paths/~1api~1lines/get/responses/200/content");
    assert!(content.is_some_and(|content| content.get("application/x-ndjson").is_some()));
}

#[test]
fn a_failure_on_the_way_breaks_the_answer_off_without_its_cause() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let response = Lines::in_chunks(0, broken).into_response();
    let error = runtime
        .block_on(to_bytes(response.into_body(), usize::MAX))
        .unwrap_err();
    assert_eq!(error.to_string(), "the answer could not be completed");
}
