//! Numbered pages and limit/offset windows.

/// The page a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageNumber {
    /// Page `n`, counted from one.
    Nth(u64),
    /// The last page, however many there are.
    Last,
    /// Something that names no page of any listing: text, zero, a negative number.
    Nonsense,
}

/// A page number and a page size, both already made sense of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageAsk {
    /// Which page.
    pub number: PageNumber,
    /// Rows per page, at least one.
    pub size: u64,
}

/// The rows of one page: skip `offset`, take at most `limit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Rows before the page.
    pub offset: u64,
    /// Rows per page, also when the last page holds fewer.
    pub limit: u64,
    /// The number of this page, counted from one.
    pub number: u64,
}

impl Window {
    /// How many pages `total` rows fill at this window's limit; an empty listing has one page.
    #[must_use]
    pub fn pages(&self, total: u64) -> u64 {
        pages(total, self.limit)
    }
}

impl PageAsk {
    /// The window of this page in a listing of `total` rows, or `None` when there is no such page.
    ///
    /// Page one exists even when the listing is empty.
    #[must_use]
    pub fn window(&self, total: u64) -> Option<Window> {
        let limit = self.size.max(1);
        let last = pages(total, limit);
        let number = match self.number {
            PageNumber::Nth(number) => number,
            PageNumber::Last => last,
            PageNumber::Nonsense => return None,
        };
        if number == 0 || number > last {
            return None;
        }
        Some(Window {
            offset: (number - 1).checked_mul(limit)?,
            limit,
            number,
        })
    }
}

fn pages(total: u64, limit: u64) -> u64 {
    total.div_ceil(limit.max(1)).max(1)
}

/// A limit/offset request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitAsk {
    /// At most this many rows, at least one.
    pub limit: u64,
    /// Rows to skip; may lie past the end, which gives no rows.
    pub offset: u64,
}

impl LimitAsk {
    /// Everything.
    pub const ALL: Self = Self {
        limit: u64::MAX,
        offset: 0,
    };

    /// The window of this request. It exists for every total: past the end there are no rows.
    #[must_use]
    pub fn window(&self) -> Window {
        let limit = self.limit.max(1);
        Window {
            offset: self.offset,
            limit,
            number: (self.offset / limit).saturating_add(1),
        }
    }
}

/// The rows of one page and how many rows there are in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T> {
    /// The rows of the page, in order.
    pub rows: Vec<T>,
    /// All rows after filtering.
    pub total: u64,
    /// Where the page lies, or `None` when the requested page does not exist.
    pub window: Option<Window>,
}

impl<T> Slice<T> {
    /// The rows of `window`, already cut out.
    #[must_use]
    pub fn new(rows: Vec<T>, total: u64, window: Window) -> Self {
        Self {
            rows,
            total,
            window: Some(window),
        }
    }

    /// No rows, because the requested page does not exist in a listing of `total` rows.
    #[must_use]
    pub fn missing(total: u64) -> Self {
        Self {
            rows: Vec::new(),
            total,
            window: None,
        }
    }

    /// Cut the requested page out of all rows.
    #[must_use]
    pub fn cut(rows: Vec<T>, ask: &PageAsk) -> Self {
        let total = rows.len() as u64;
        match ask.window(total) {
            Some(window) => Self::cut_window(rows, window),
            None => Self::missing(total),
        }
    }

    /// Cut a limit/offset window out of all rows; past the end there are none.
    #[must_use]
    pub fn cut_limit(rows: Vec<T>, ask: &LimitAsk) -> Self {
        Self::cut_window(rows, ask.window())
    }

    fn cut_window(rows: Vec<T>, window: Window) -> Self {
        let total = rows.len() as u64;
        let skip = usize::try_from(window.offset).unwrap_or(usize::MAX);
        let take = usize::try_from(window.limit).unwrap_or(usize::MAX);
        let rows = rows.into_iter().skip(skip).take(take).collect();
        Self {
            rows,
            total,
            window: Some(window),
        }
    }

    /// The same page with every row changed by `f`.
    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Slice<U> {
        Slice {
            rows: self.rows.into_iter().map(f).collect(),
            total: self.total,
            window: self.window,
        }
    }
}
