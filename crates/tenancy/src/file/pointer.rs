//! JSON pointers (RFC 6901) to members of objects.

/// The members a pointer names, from the outside in; none if it is no pointer.
///
/// The empty pointer, which means the whole document, names none.
pub(crate) fn parse(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let tokens = pointer.strip_prefix('/')?.split('/');
    tokens.map(unescape).collect()
}

fn unescape(token: &str) -> Option<String> {
    let mut out = String::with_capacity(token.len());
    let mut letters = token.chars();
    while let Some(letter) = letters.next() {
        out.push(match letter {
            '~' => match letters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(out)
}

/// The pointer to a member of what `parent` points to.
pub(crate) fn child(parent: &str, member: &str) -> String {
    let member = member.replace('~', "~0").replace('/', "~1");
    format!("{parent}/{member}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_name_members() {
        for (pointer, expected) in [
            ("", Some(&[][..])),
            ("/", Some(&[""])),
            ("/a", Some(&["a"])),
            ("/a/b.c//d", Some(&["a", "b.c", "", "d"])),
            ("/a~1b/~0c/~01", Some(&["a/b", "~c", "~1"])),
            ("a", None),
            ("a/b", None),
            ("/~", None),
            ("/~2", None),
            ("#/a", None),
        ] {
            let found = parse(pointer);
            let found: Option<Vec<&str>> = found
                .as_ref()
                .map(|tokens| tokens.iter().map(String::as_str).collect());
            assert_eq!(found.as_deref(), expected, "{pointer}");
        }
    }

    #[test]
    fn every_member_has_a_pointer() {
        for member in ["", "a", "a/b", "~", "~1", "/", "a.b", "ü"] {
            let pointer = child("/lms_configs", member);
            assert_eq!(
                parse(&pointer),
                Some(vec!["lms_configs".to_owned(), member.to_owned()]),
                "{pointer}"
            );
        }
    }
}
