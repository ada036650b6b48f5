//! Paths with a missing trailing slash, in both profiles.

use axum::Router;
use axum::extract::Request;
use provost_drf::{
    Caller, Family, Json, JsonBases, NoContent, Path, Routes, Scheme, Slash, View, not_found_page,
};

use crate::world::{Answer, Ask, answer, answer_of, authenticate, check};

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

async fn list() -> Json<i64> {
    Json(1)
}

async fn add(_: Caller) -> Json<i64> {
    Json(2)
}

async fn remove(_: Caller, Path(_): Path<String>) -> NoContent {
    NoContent
}

/// One family whose slashes are optional, one whose are not; both answer unknown paths in JSON.
fn families() -> [Family<()>; 2] {
    let loose = Family::at("/api/loose/", "loose", "Loose")
        .schemes(&[Scheme::Basic])
        .optional_slash()
        .json_not_found()
        .view("list", View::new().get(list, "List").post(add, "Add"))
        .view("delete/{name}", View::new().delete(remove, "Remove"))
        .view("slashed/", View::new().get(list, "List"));
    let strict = Family::at("/api/strict/", "strict", "Strict")
        .json_not_found()
        .view("list/", View::new().get(list, "List").post(add, "Add"));
    [loose, strict]
}

/// Both families, and what is none of their paths, as an outermost router answers it.
fn served(slash: Slash) -> Router {
    let families = families();
    let bases = JsonBases::of(&families);
    let operations = families.iter().flat_map(Family::operations);
    let known = Routes::new(operations.map(|operation| operation.path.as_str()));
    let router = families.into_iter().fold(Router::new(), |router, family| {
        router.merge(family.into_router(&(), &authenticate()))
    });
    router.fallback(move |request: Request| async move {
        let page = slash.answer(&request, |path| known.contains(path));
        bases.reword(request.uri().path(), page)
    })
}

#[test]
fn an_unknown_path_below_a_base_is_worded_as_its_family_words() {
    let family = || {
        Family::<()>::at("/api/v1/", "test", "A dialect of its own")
            .dialect(provost_drf::Dialect::Details)
            .json_not_found()
            .view("things/{name}/", View::new().get(list, "One"))
    };
    let bases = JsonBases::of([&family()]);
    let router =
        family()
            .into_router(&(), &authenticate())
            .fallback(move |request: Request| async move {
                let page = Slash::NotFound.answer(&request, |_| false);
                bases.reword(request.uri().path(), page)
            });
    for path in ["/api/v1/nothing", "/api/v1/things//"] {
        let found = answer_of(router.clone(), Ask::ada("GET", path).request());
        assert_eq!(found.line(), r#"404 {"details":"Not found."}"#, "{path}");
    }
}

#[test]
fn an_optional_slash_is_no_redirect_for_any_method() {
    let [family, _] = families();
    let paths: Vec<_> = family.operations().iter().map(|one| &*one.path).collect();
    let documented = [
        "/api/loose/list",
        "/api/loose/list",
        "/api/loose/delete/{name}",
        "/api/loose/slashed/",
    ];
    assert_eq!(paths, documented);
    let family = || families().into_iter().next().unwrap();
    for end in ["", "/"] {
        let path = |name: &str| format!("/api/loose/{name}{end}");
        check(
            family,
            [
                (Ask::new("GET", &path("list")), "200 1"),
                (Ask::new("GET", &path("slashed")), "200 1"),
                (Ask::ada("POST", &path("list")), "200 2"),
                (Ask::ada("DELETE", &path("delete/talent.local")), "204 "),
                (
                    Ask::new("POST", &path("list")),
                    r#"401 {"detail":"Authentication credentials were not provided."}"#,
                ),
                (
                    Ask::ada("PUT", &path("list")),
                    r#"405 {"detail":"Method \"PUT\" not allowed."}"#,
                ),
            ],
        );
        let found = answer(family(), &Ask::new("HEAD", &path("list")));
        assert_eq!(
            (found.status.as_u16(), found.header("allow")),
            (200, "GET, POST, HEAD, OPTIONS")
        );
    }
}

#[test]
fn an_unknown_path_below_some_bases_is_json_for_any_method_and_nobody_is_asked_who_they_are() {
    const JSON: &str = r#"404 {"detail":"Not found."}"#;
    let cases = [
        ("GET", "/api/loose/nope", Some(JSON)),
        ("POST", "/api/loose/nope/", Some(JSON)),
        ("PURGE", "/api/loose/", Some(JSON)),
        ("GET", "/api/loose/list//", Some(JSON)),
        ("DELETE", "/api/loose/delete", Some(JSON)),
        ("DELETE", "/api/loose/delete//", Some(JSON)),
        ("DELETE", "/api/loose/delete/a/b", Some(JSON)),
        ("GET", "/api/strict/nope", Some(JSON)),
        ("POST", "/api/strict/list", Some(JSON)),
        ("GET", "/api/loose", None),
        ("GET", "/api/loosely/nope", None),
        ("GET", "/nope", None),
    ];
    for slash in [Slash::NotFound, Slash::Redirect] {
        for (method, path, expected) in cases {
            let found = answer_of(served(slash), Ask::new(method, path).request());
            let media = found.header("content-type");
            match expected {
                Some(line) => assert_eq!(
                    (&*found.line(), media),
                    (line, "application/json"),
                    "{method} {path}"
                ),
                None => assert_eq!(
                    (found.status.as_u16(), media),
                    (404, "text/html; charset=utf-8"),
                    "{method} {path}"
                ),
            }
        }
    }
    let redirected = answer_of(
        served(Slash::Redirect),
        Ask::new("GET", "/api/strict/list").request(),
    );
    assert_eq!(
        (redirected.status.as_u16(), redirected.header("location")),
        (301, "/api/strict/list/")
    );
}

#[test]
fn without_being_asked_for_json_a_missing_parameter_is_a_page() {
    let family = || {
        Family::at("/api/plain/", "plain", "Plain")
            .view("{name}/", View::new().delete(remove, "Remove"))
    };
    let router = family().into_router(&(), &authenticate());
    let found = answer_of(
        router.fallback(not_found_page),
        Ask::ada("DELETE", "/api/plain//").request(),
    );
    assert_eq!(
        (found.status.as_u16(), found.header("content-type")),
        (404, "text/html; charset=utf-8")
    );
}
