use std::net::IpAddr;

use http::Request;

use super::*;

fn parts(headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method("POST").uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

#[test]
fn cookies_are_found_among_others() {
    let cases = [
        (&["a=1; b=2"] as &[&str], Some("2")),
        (&["a=1", "b=2"], Some("2")),
        (&["b=1; b=2"], Some("2")),
        (&["b=\"2\""], Some("2")),
        (&["b = 2 "], Some("2")),
        (&["b=2=2"], Some("2=2")),
        (&["b="], Some("")),
        (&["bb=2; c"], None),
        (&[""], None),
        (&[], None),
    ];
    for (headers, expected) in cases {
        let headers: Vec<_> = headers.iter().map(|value| ("cookie", *value)).collect();
        let parts = parts(&headers);
        assert_eq!(Credentials::of(&parts).cookie("b"), expected, "{headers:?}");
    }
}

#[test]
fn the_jwt_is_put_together_from_its_halves() {
    let halves = "edx-jwt-cookie-header-payload=h.p; edx-jwt-cookie-signature=s";
    let cases = [
        (halves.to_owned(), Some("h.p.s")),
        (format!("edx-jwt-cookie=x.y.z; {halves}"), Some("h.p.s")),
        ("edx-jwt-cookie=x.y.z".to_owned(), Some("x.y.z")),
        (
            "edx-jwt-cookie=x.y.z; edx-jwt-cookie-signature=s".to_owned(),
            Some("x.y.z"),
        ),
        ("edx-jwt-cookie-signature=s".to_owned(), None),
    ];
    for (cookies, expected) in cases {
        let parts = parts(&[("cookie", &cookies)]);
        assert_eq!(
            Credentials::of(&parts).jwt_cookie().as_deref(),
            expected,
            "{cookies}"
        );
    }
}

#[test]
fn the_address_of_a_proxy_is_replaced_only_when_it_is_trusted() {
    let peer: SocketAddr = "192.0.2.1:4711".parse().unwrap();
    let cases: [(&[&str], bool, Option<&str>); 6] = [
        (&[], true, Some("192.0.2.1")),
        (&["203.0.113.7"], false, Some("192.0.2.1")),
        (&["203.0.113.7"], true, Some("203.0.113.7")),
        (&["198.51.100.1, 203.0.113.7"], true, Some("203.0.113.7")),
        (&["198.51.100.1", "203.0.113.7"], true, Some("203.0.113.7")),
        (&["somebody"], true, Some("192.0.2.1")),
    ];
    for (forwarded, trusted, expected) in cases {
        let headers: Vec<_> = forwarded
            .iter()
            .map(|value| ("x-forwarded-for", *value))
            .collect();
        let mut parts = parts(&headers);
        parts.extensions.insert(ConnectInfo(peer));
        if trusted {
            parts.extensions.insert(TrustForwarded);
        }
        let expected: Option<IpAddr> = expected.map(|address| address.parse().unwrap());
        assert_eq!(
            Credentials::of(&parts).client(),
            Client::from(expected),
            "{forwarded:?}, trusted: {trusted}"
        );
    }
    assert_eq!(Credentials::of(&parts(&[])).client(), Client::from(None));
}

#[test]
fn unsafe_requests_are_checked_against_their_own_host_and_the_trusted_origins() {
    let token = csrf::fresh();
    let settings = Settings {
        csrf: super::super::settings::Csrf {
            trusted_origins: vec!["http://apps.example.com".to_owned()],
        },
        ..Settings::default()
    };
    let cases = [
        ("http://example.com", true),
        ("http://apps.example.com", true),
        ("http://evil.test", false),
    ];
    for (origin, accepted) in cases {
        let cookie = format!("csrftoken={token}");
        let parts = parts(&[
            ("host", "example.com"),
            ("origin", origin),
            ("cookie", &cookie),
            ("x-csrftoken", &token),
        ]);
        let outcome = Credentials::of(&parts).check_csrf(&settings);
        assert_eq!(outcome.is_ok(), accepted, "{origin}: {outcome:?}");
    }
}
