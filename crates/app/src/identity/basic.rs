//! HTTP Basic (RFC 7617), as Django REST Framework reads it.

/// A name and a password from an `Authorization` header.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Login {
    pub(super) name: String,
    pub(super) password: String,
}

/// Why a `Basic` header is refused; `Display` is the `detail` of the 401.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("Invalid basic header. No credentials provided.")]
    Missing,
    #[error("Invalid basic header. Credentials string should not contain spaces.")]
    Spaces,
    #[error("Invalid basic header. Credentials not correctly base64 encoded.")]
    Base64,
}

/// The `detail` for a wrong password, a name nobody has, and an inactive user where inactive
/// users may not sign in: one text for all.
pub(super) const WRONG: &str = "Invalid username/password.";
/// The `detail` for a right password of an inactive user, where that may be told.
pub(super) const INACTIVE: &str = "User inactive or deleted.";

/// Reads the words of an `Authorization` header; `None` if it is not of this scheme.
pub(super) fn read(words: &[&str]) -> Option<Result<Login, Malformed>> {
    let (scheme, rest) = words.split_first()?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    Some(match rest {
        [] => Err(Malformed::Missing),
        [encoded] => decode(encoded).map(login).ok_or(Malformed::Base64),
        _ => Err(Malformed::Spaces),
    })
}

/// What stands before the first colon is the name; without a colon the password is empty, and
/// wrong. Text that is not UTF-8 is read as Latin-1, in which no byte is invalid.
fn login(bytes: Vec<u8>) -> Login {
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    let (name, password) = text.split_once(':').unwrap_or((&text, ""));
    Login {
        name: name.to_owned(),
        password: password.to_owned(),
    }
}

/// Base64 as Python's `b64decode` takes it: characters outside the alphabet are skipped, what
/// follows the padding is ignored, and only an incomplete end is an error. So most nonsense
/// decodes to a name that nobody has, which is what clients of the reference see.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut sextets, mut bits, mut pads) = (0_u8, 0_u32, 0_u8);
    for byte in text.bytes() {
        if byte == b'=' {
            if sextets >= 2 {
                pads += 1;
                if sextets + pads >= 4 {
                    return Some(bytes);
                }
            }
            continue;
        }
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        pads = 0;
        bits = (bits << 6) | u32::from(value);
        // The first of four sextets completes no byte; each of the others completes one.
        let spare = match sextets {
            0 => None,
            1 => Some(4),
            2 => Some(2),
            _ => Some(0),
        };
        if let Some(spare) = spare {
            bytes.push(u8::try_from((bits >> spare) & 0xff).unwrap_or_default());
        }
        sextets = (sextets + 1) % 4;
    }
    (sextets == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn login(name: &str, password: &str) -> Login {
        Login {
            name: name.to_owned(),
            password: password.to_owned(),
        }
    }

    #[test]
    fn the_words_of_the_header_decide_before_the_password() {
        let encoded = STANDARD.encode("ada:open:sesame");
        let cases = [
            (vec![], None),
            (vec!["Bearer", &encoded], None),
            (vec!["Basic"], Some(Err(Malformed::Missing))),
            (vec!["basic"], Some(Err(Malformed::Missing))),
            (vec!["Basic", "a", "b"], Some(Err(Malformed::Spaces))),
            (vec!["Basic", "YWRhO"], Some(Err(Malformed::Base64))),
            (
                vec!["Basic", &encoded],
                Some(Ok(login("ada", "open:sesame"))),
            ),
            (
                vec!["BASIC", &encoded],
                Some(Ok(login("ada", "open:sesame"))),
            ),
        ];
        for (words, expected) in cases {
            assert_eq!(read(&words), expected, "{words:?}");
        }
    }

    #[test]
    fn malformed_headers_are_told_apart() {
        let texts = [Malformed::Missing, Malformed::Spaces, Malformed::Base64];
        assert_eq!(
            texts.map(|malformed| malformed.to_string()),
            [
                "Invalid basic header. No credentials provided.",
                "Invalid basic header. Credentials string should not contain spaces.",
                "Invalid basic header. Credentials not correctly base64 encoded.",
            ]
        );
    }

    /// The expected values are what Python 3.11's `base64.b64decode` gave.
    #[test]
    fn base64_is_as_forgiving_as_pythons() {
        let cases: [(&str, Option<&[u8]>); 16] = [
            ("", Some(b"")),
            ("YWRh", Some(b"ada")),
            ("YWRhOg==", Some(b"ada:")),
            ("YWRhOng=", Some(b"ada:x")),
            ("YW!R?h", Some(b"ada")),
            ("!!!!", Some(b"")),
            ("YWRhOg==YWRh", Some(b"ada:")),
            ("=YWRh", Some(b"ada")),
            ("Y=WRh", Some(b"ada")),
            ("YW=Rh", Some(b"ada")),
            ("Y===WRh", Some(b"ada")),
            ("====", Some(b"")),
            ("YWRhOg=", None),
            ("YWRhO", None),
            ("YWR", None),
            ("Y", None),
        ];
        for (text, expected) in cases {
            assert_eq!(decode(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_name_without_colon_has_an_empty_password_and_latin_1_is_understood() {
        assert_eq!(super::login(b"ada".to_vec()), login("ada", ""));
        assert_eq!(super::login(b":x".to_vec()), login("", "x"));
        assert_eq!(super::login(b"zo\xeb:x".to_vec()), login("zoë", "x"));
        assert_eq!(super::login("zoë:x".into()), login("zoë", "x"));
    }
}
