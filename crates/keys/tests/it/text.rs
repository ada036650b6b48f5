//! Trimming, folding, splitting.

use provost_keys::{stored, text};

#[test]
fn trimming_follows_python() {
    for (given, trimmed) in [
        ("  a b ", "a b"),
        ("\u{1c}a\u{1f}", "a"),
        ("\u{1d}\u{1e}\t\r\n", ""),
        ("\u{85}\u{a0}\u{2003}\u{3000}a", "a"),
        ("\u{200b}a\u{feff}", "\u{200b}a\u{feff}"),
        ("\u{1b}a", "\u{1b}a"),
    ] {
        assert_eq!(text::trim(given), trimmed, "{given:?}");
    }
}

#[test]
fn folding_is_full_lower_case() {
    for (given, folded) in [
        ("ADA", "ada"),
        ("Ünïcode", "ünïcode"),
        ("İ", "i\u{307}"),
        ("ΑΣ", "ας"),
    ] {
        assert_eq!(text::fold(given), folded);
    }
}

#[test]
fn the_first_separator_splits() {
    assert_eq!(stored::split("user^a^b"), Some(("user", "a^b")));
    assert_eq!(stored::split("ada"), None);
    assert_eq!(stored::external("lib^lib:A:B"), "lib:A:B");
    assert_eq!(stored::external("ada"), "ada");
}

#[test]
fn keys_carry_their_namespace() {
    assert_eq!(stored::user("ada"), "user^ada");
    assert_eq!(stored::role("library_admin"), "role^library_admin");
    assert_eq!(
        stored::action("courses.view_course"),
        "act^courses.view_course"
    );
    assert_eq!(stored::scope("lib", "lib:A:B"), "lib^lib:A:B");
}
