//! A line of a log without what the log put before it.

use std::borrow::Cow;

/// One line, as parsers see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: usize,
    /// Without time stamps and other prefixes, and without blanks at either end.
    pub(super) text: &'a str,
    /// As it stands in the file, without the line end.
    pub(super) raw: &'a str,
    /// Whether Xen said it.
    pub(super) xen: bool,
}

impl<'a> Line<'a> {
    /// The line `raw`, stripped.
    pub(super) fn new(number: usize, raw: &'a str) -> Self {
        let (text, xen) = stripped(raw);
        Self { number, text, raw, xen }
    }
}

/// How far into a line a prefix may reach. Host names have up to 255 characters, but not here.
const PREFIX_BYTES_MAX: usize = 160;

/// What comes before the words of a kernel in syslog, journald and their kin: time, host, and this.
const TAGS: [&str; 4] = ["kernel: ", "/netbsd: ", "/bsd: ", "kernel:\t"];

const XEN: &str = "(XEN)";

/// What a page of text on the web leaves at the end of a line.
const BREAKS: [&str; 3] = ["<br />", "<br/>", "<br>"];

/// The text after all prefixes, and whether Xen's was among them.
fn stripped(raw: &str) -> (&str, bool) {
    let mut text = unwrapped(raw.trim_start_matches(['\u{feff}', '\0']).trim());
    let mut xen = false;
    loop {
        let before = text.len();
        text = one_prefix_less(text).trim_start();
        if let Some(rest) = text.strip_prefix(XEN) {
            xen = true;
            text = without_xens_clock(rest.trim_start());
        }
        if text.len() == before {
            return (text, xen);
        }
    }
}

/// Without what a list of strings (JSON) or a web page puts around a line.
fn unwrapped(text: &str) -> &str {
    let text = match text.strip_prefix('"') {
        None => text,
        Some(inside) => {
            let inside = inside.strip_suffix(',').unwrap_or(inside).trim_end();
            inside.strip_suffix('"').unwrap_or(inside)
        }
    };
    let ending = BREAKS.into_iter().find_map(|ending| text.strip_suffix(ending));
    ending.unwrap_or(text).trim()
}

/// Without one more prefix, if there is one.
fn one_prefix_less(text: &str) -> &str {
    // Logs are quoted in letters.
    if let Some(rest) = text.strip_prefix(['>', '|']) {
        return rest;
    }
    if let Some(rest) = text.strip_prefix('<').and_then(syslog_level) {
        return rest;
    }
    if let Some(rest) = bracket_of_time_or_task(text) {
        return rest;
    }
    let head = head(text);
    for tag in TAGS {
        if let Some(at) = head.find(tag) {
            return &text[at + tag.len()..];
        }
    }
    // Whatever else a console server or a build system wrote before the kernel's own clock.
    for (at, _) in head.match_indices('[') {
        if let Some(rest) = kernel_clock(&text[at..]) {
            return rest;
        }
    }
    text
}

/// The part of the line where prefixes are.
fn head(text: &str) -> &str {
    let mut end = text.len().min(PREFIX_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// `6>` of `<6>`.
fn syslog_level(text: &str) -> Option<&str> {
    let (level, rest) = text.split_once('>')?;
    (level.len() <= 3 && is_digits(level)).then_some(rest)
}

/// `[    0.000000]`.
fn kernel_clock(text: &str) -> Option<&str> {
    let (clock, rest) = text.strip_prefix('[')?.split_once(']')?;
    let (seconds, fraction) = clock.trim_start().split_once('.')?;
    (is_digits(seconds) && is_digits(fraction)).then_some(rest)
}

/// A bracket at the start of the line that is a clock, a task (`[    T0]`), a processor (`[    C1]`)
/// or a date (`[Tue Nov 21 19:53:37 2026]`).
fn bracket_of_time_or_task(text: &str) -> Option<&str> {
    if let Some(rest) = kernel_clock(text) {
        return Some(rest);
    }
    let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
    let inside = inside.trim();
    let task = inside.strip_prefix(['T', 'C']).is_some_and(is_digits);
    let date = inside.len() <= 40 && inside.matches(':').count() == 2 && !inside.contains("0x");
    (task || date).then_some(rest)
}

/// Xen's own clock comes after its prefix; the brackets of a range, `[START, END]`, stay.
fn without_xens_clock(text: &str) -> &str {
    match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inside, rest)) if !inside.contains(',') && !inside.contains("0x") => {
            rest.trim_start()
        }
        _ => text,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A line of bytes as text: what is no UTF-8 is replaced, and what colours a terminal goes.
pub(super) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    const ESCAPE: u8 = 0x1b;
    if !bytes.contains(&ESCAPE) {
        return String::from_utf8_lossy(bytes);
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte == ESCAPE && rest.next_if_eq(&b'[').is_some() {
            // Parameters, then one letter that ends the sequence.
            while rest.next_if(|&byte| (0x20..0x40).contains(&byte)).is_some() {}
            rest.next_if(|&byte| (0x40..0x7f).contains(&byte));
        } else {
            plain.push(byte);
        }
    }
    Cow::Owned(String::from_utf8_lossy(&plain).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_log_puts_before_a_line_goes() {
        for prefix in [
            "",
            "  ",
            "[    0.000000] ",
            "[    0.000000][    T0] ",
            "[12345.678901] ",
            "[Tue Nov 21 19:53:37 2026] ",
            "<6>[    0.000000] ",
            "<6>",
            "Nov 21 19:53:37 host-1 kernel: ",
            "Nov 21 19:53:37 host-1 kernel: [    0.000000] ",
            "2026-11-21T19:53:37.123456+00:00 host kernel: ",
            "[    1.000000] host kernel: ",
            "Nov 21 19:53:37 host /netbsd: ",
            "> > [    0.000000] ",
            " | ",
            "| > ",
            "2026-11-21T19:53:37.1234567Z [    0.000000] ",
            "17:03:12.334 console: [    0.000000] ",
            "\u{feff}",
        ] {
            let raw = format!("{prefix}node   0: [mem 0x1000-0x1fff] ");
            let line = Line::new(1, &raw);
            assert_eq!(line.text, "node   0: [mem 0x1000-0x1fff]", "{prefix:?}");
            assert!(!line.xen);
        }
    }

    #[test]
    fn what_xen_says_is_known_to_be_xens() {
        for prefix in ["(XEN) ", "(XEN)  ", "(XEN) [0000001c5d3f0d0c]  ", "host kernel: (XEN) "] {
            let raw = format!("{prefix}[0000000000000000, 000000000009b7ff] (usable)");
            let line = Line::new(1, &raw);
            assert_eq!(line.text, "[0000000000000000, 000000000009b7ff] (usable)", "{prefix:?}");
            assert!(line.xen);
        }
        let line = Line::new(1, "(XEN) [2026-11-21 19:53:37]  0000 - 9f000 (usable)");
        assert_eq!(line.text, "0000 - 9f000 (usable)");
    }

    #[test]
    fn what_stands_around_a_line_goes() {
        for raw in [
            "\"BIOS-e820: [mem 0x1000-0x1fff] usable\",",
            "  \"[    0.000000] BIOS-e820: [mem 0x1000-0x1fff] usable\"",
            "[    0.000000] BIOS-e820: [mem 0x1000-0x1fff] usable<br />",
            "BIOS-e820: [mem 0x1000-0x1fff] usable <br>",
        ] {
            assert_eq!(Line::new(1, raw).text, "BIOS-e820: [mem 0x1000-0x1fff] usable", "{raw}");
        }
        assert_eq!(Line::new(1, "\"").text, "");
    }

    #[test]
    fn brackets_that_are_content_stay() {
        for text in ["[mem 0x00100000-0xbfffffff]  System RAM", "[0x1-0x2]", "[", "]", "[]"] {
            assert_eq!(Line::new(1, text).text, text);
        }
    }

    #[test]
    fn colours_and_broken_text_do_no_harm() {
        assert_eq!(text_of(b"\x1b[32m[    0.000000] \x1b[0mok\x1b"), "[    0.000000] ok\u{1b}");
        assert_eq!(text_of(b"a\xffb"), "a\u{fffd}b");
        assert_eq!(text_of(b"\x1b["), "");
    }
}
