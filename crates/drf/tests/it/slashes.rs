//! Paths with a missing trailing slash, in both profiles.

use axum::Router;
use axum::extract::Request;
use provost_drf::{Routes, Slash};

use crate::world::{Answer, Ask, answer_of};

fn ask(slash: Slash, method: &str, path: &str) -> Answer {
    let routes = Routes::new(["/api/users/", "/api/users/{name}/", "/api/check"]);
    let app = Router::new().fallback(move |request: Request| async move {
        slash.answer(&request, |path| routes.contains(path))
    });
    answer_of(app, Ask::new(method, path).request())
}

#[test]
fn the_platform_redirects_reads_to_the_slashed_route_and_nothing_else() {
    let cases = [
        ("GET", "/api/users", 301, "/api/users/"),
        ("HEAD", "/api/users/ada?a=1&b", 301, "/api/users/ada/?a=1&b"),
        ("GET", "/api/users/a%20b", 301, "/api/users/a%20b/"),
        ("POST", "/api/users", 404, ""),
        ("GET", "/api/check/", 404, ""),
        ("GET", "/api/nope", 404, ""),
        ("GET", "/api/users//", 404, ""),
        ("GET", "//evil.test/api/users", 404, ""),
    ];
    for (method, path, status, location) in cases {
        let found = ask(Slash::Redirect, method, path);
        assert_eq!(
            (found.status.as_u16(), found.header("location")),
            (status, location),
            "{method} {path}"
        );
    }
    let told = ask(Slash::Redirect, "POST", "/api/users").line();
    assert!(told.contains("send POST requests there"), "{told}");
}

#[test]
fn the_reference_knows_no_redirect() {
    let found = ask(Slash::NotFound, "GET", "/api/users");
    assert_eq!(
        (found.status.as_u16(), found.header("content-type")),
        (404, "text/html; charset=utf-8")
    );
}

#[test]
fn a_route_made_of_parameters_never_redirects_to_another_host() {
    let routes = Routes::new(["/{a}/{b}/{c}/", "//{host}/"]);
    let app = Router::new().fallback(move |request: Request| async move {
        Slash::Redirect.answer(&request, |path| routes.contains(path))
    });
    let found = answer_of(app, Ask::new("GET", "//evil.test").request());
    assert_eq!(found.header("location"), "/evil.test/");
}
