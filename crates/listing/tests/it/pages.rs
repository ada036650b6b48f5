use provost_listing::{LimitAsk, PageAsk, PageNumber, Slice, Window};

fn check(total: u64, number: PageNumber, size: u64, expected: Option<(u64, u64)>) {
    let window = PageAsk { number, size }.window(total);
    let found = window.map(|w| (w.offset, w.number));
    assert_eq!(found, expected, "{number:?} of {total} rows by {size}");
}

#[test]
fn a_page_is_a_window_or_does_not_exist() {
    use PageNumber::{Last, Nonsense, Nth};
    check(0, Nth(1), 10, Some((0, 1)));
    check(0, Last, 10, Some((0, 1)));
    check(0, Nth(2), 10, None);
    check(10, Nth(2), 10, None);
    check(11, Nth(2), 10, Some((10, 2)));
    check(11, Last, 10, Some((10, 2)));
    check(20, Last, 10, Some((10, 2)));
    check(20, Nonsense, 10, None);
    check(20, Nth(0), 10, None);
    check(3, Nth(3), 1, Some((2, 3)));
    check(3, Nth(u64::MAX), 10, None);
    check(u64::MAX, Last, 1, Some((u64::MAX - 1, u64::MAX)));
}

#[test]
fn a_size_of_zero_counts_as_one_row() {
    check(3, PageNumber::Nth(3), 0, Some((2, 3)));
}

#[test]
fn cutting_takes_the_rows_of_the_page() {
    let ask = PageAsk {
        number: PageNumber::Nth(2),
        size: 2,
    };
    let slice = Slice::cut(vec!["a", "b", "c"], &ask);
    assert_eq!(
        slice,
        Slice::new(
            vec!["c"],
            3,
            Window {
                offset: 2,
                limit: 2,
                number: 2
            }
        )
    );
    assert_eq!(slice.map(str::len).rows, [1]);
}

#[test]
fn cutting_a_page_that_does_not_exist_keeps_the_total() {
    let ask = PageAsk {
        number: PageNumber::Nth(9),
        size: 2,
    };
    assert_eq!(Slice::cut(vec![1, 2, 3], &ask), Slice::missing(3));
}

#[test]
fn an_offset_past_the_end_has_no_rows_but_a_window() {
    let slice = Slice::cut_limit(
        vec![1, 2, 3],
        &LimitAsk {
            limit: 2,
            offset: 1000,
        },
    );
    assert_eq!((slice.rows.len(), slice.total), (0, 3));
    assert_eq!(slice.window.map(|w| w.offset), Some(1000));
}
