//! Keys of courses.

use crate::grammar;

/// Whether a text is written as the key of a course: `course-v1:…`, `ccx-v1:…`, or the older
/// `organization/number/run`.
#[must_use]
pub fn is_key(text: &str) -> bool {
    match text.split_once(':') {
        Some(("course-v1", rest)) => grammar::course_run(rest).is_some(),
        Some(("ccx-v1", rest)) => grammar::ccx_run(rest).is_some(),
        _ => is_older(text),
    }
}

/// Three parts with slashes between.
fn is_older(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_alphanumeric() || "_-~.:".contains(c))
    };
    text.split('/').count() == 3 && text.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_spellings_are_keys() {
        for (text, expected) in [
            ("course-v1:Red+Python+2020", true),
            ("course-v1:Red+Py.101+2020", true),
            ("ccx-v1:Red+Python+2020+ccx@1", true),
            ("org/old/style", true),
            ("course-v1:Red+Python", false),
            ("library-v1:Red+Python", false),
            ("org/old", false),
            ("org//style", false),
            ("org/old/style/more", false),
            ("bad", false),
            ("None", false),
            ("", false),
        ] {
            assert_eq!(is_key(text), expected, "{text:?}");
        }
    }
}
