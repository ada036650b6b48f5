use provost_listing::search;

#[test]
fn a_search_text_is_split_at_blanks_and_commas_but_not_in_quotes() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        (" , ,", &[]),
        ("bee uni", &["bee", "uni"]),
        ("bee,univ", &["bee", "univ"]),
        ("\"bee uni\"", &["bee uni"]),
        ("a \"b, c\" d", &["a", "b, c", "d"]),
        ("\"\" x", &["x"]),
        ("\"open end", &["\"open", "end"]),
        ("in\"side", &["in\"side"]),
        ("a\u{a0}b\u{1f}c\tü", &["a", "b", "c", "ü"]),
    ];
    for (text, expected) in cases {
        assert_eq!(search::terms(text), *expected, "{text:?}");
    }
}

#[test]
fn plain_words_give_quotes_no_meaning_and_drop_null_characters() {
    let cases: &[(&str, &[&str])] = &[
        ("\"a b\"", &["\"a", "b\""]),
        ("a\0b,c", &["ab", "c"]),
        ("\0", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(search::words(text), *expected, "{text:?}");
    }
}
