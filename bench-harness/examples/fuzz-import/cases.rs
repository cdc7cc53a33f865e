//! What one case runs, and what must hold of what comes of it.

use bench_harness::layout::import::{From, Request, import_text};
use bench_harness::layout::{self, Layout};
use bench_harness::report::memory_map;
use physseg::PageSize;

/// What is fuzzed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// `layout import`.
    Importer,
    /// Layout files.
    Loader,
}

/// Page sizes that machines have.
const PAGE_BYTES: [u64; 5] = [4096, 8192, 16_384, 65_536, 1 << 20];

/// More segments are not drawn in every case: a figure of them takes longer than a thousand cases.
const DRAWN_MAX: usize = 256;

impl Target {
    /// What goes by this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "importer" => Some(Self::Importer),
            "loader" => Some(Self::Loader),
            _ => None,
        }
    }

    /// Runs the case on `text`; whether it made a layout.
    ///
    /// # Panics
    ///
    /// What comes of it breaks a promise.
    pub(crate) fn run(self, text: &[u8], case: u64) -> bool {
        match self {
            Self::Importer => imports(text, case),
            Self::Loader => loads(text),
        }
    }
}

/// Imports as one source or another; what comes out must read back as itself.
fn imports(text: &[u8], case: u64) -> bool {
    let pick = |from: usize| usize::try_from(case).unwrap_or(0) % from;
    // Most cases let the importer find out by itself, as most users do.
    let name = if case.is_multiple_of(3) { From::NAMES[pick(From::NAMES.len())] } else { "auto" };
    let request = Request {
        from: From::named(name).unwrap_or(From::Auto),
        name: None,
        page_size: PageSize::new(PAGE_BYTES[pick(PAGE_BYTES.len())]).unwrap_or(PageSize::FOUR_KIB),
    };
    match import_text("log", text, &request) {
        Ok(imported) => {
            let back = layout::of_text("log", &imported.toml);
            assert_eq!(back.ok().as_ref(), Some(&imported.layout), "reads back as another layout");
            assert!(!imported.said.is_empty());
            holds(&imported.layout);
            true
        }
        Err(error) => {
            one_line(&error.to_string());
            false
        }
    }
}

/// Loads a layout file, carries its steps out, shows and draws it.
fn loads(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else {
        return false; // refused before the loader sees it
    };
    match layout::of_text("layout.toml", text) {
        Ok(layout) => {
            holds(&layout);
            true
        }
        Err(error) => {
            one_line(&error.to_string());
            false
        }
    }
}

/// Segments in order and apart, a page and a figure of them.
fn holds(layout: &Layout) {
    let Ok(segments) = layout.final_segments() else {
        panic!("checked once, and refused the second time");
    };
    assert!(!segments.is_empty());
    assert!(segments.is_sorted_by(|one, next| one.end() <= next.start()), "overlap or disorder");
    if segments.len() <= DRAWN_MAX {
        assert!(!layout::show(layout, 80).is_empty());
        let ranges: Vec<_> =
            segments.iter().map(|range| range.start().get()..range.end().get()).collect();
        let figure = memory_map(&layout.name, layout.page_size.bytes(), &ranges);
        assert!(figure.is_ok_and(|svg| svg.ends_with("</svg>\n") && !svg.contains("NaN")));
    }
}

/// Messages fit into a terminal, whatever the text.
fn one_line(message: &str) {
    assert!(!message.is_empty() && message.len() < 4096, "{} bytes of message", message.len());
    assert!(!message.contains('\u{1b}'), "an escape sequence in {message:?}");
}
