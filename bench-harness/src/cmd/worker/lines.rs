//! Lines over pipes: reading them with a limit, since who writes them may be out of its mind.

use std::io::{self, BufRead, Read};

/// No message is longer: a round of a thousand backends stays far below.
const LINE_MAX_BYTES: u64 = 16 << 20;

/// Reads a line without its end; `None` at the end of the pipe, where half a line is what is left of
/// a message that was cut off, and no message.
pub(super) fn read_line(from: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    from.by_ref().take(LINE_MAX_BYTES).read_until(b'\n', &mut line)?;
    if line.pop_if(|last| *last == b'\n').is_some() {
        return Ok(Some(line));
    }
    if (line.len() as u64) < LINE_MAX_BYTES { Ok(None) } else { Ok(Some(line)) }
}

/// The beginning of a line, as an error message can show it.
pub(super) fn shown(line: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(line).chars().take(80).collect();
    text.escape_debug().to_string()
}

/// Reads everything and keeps the last `most` bytes.
pub(super) fn tail(mut from: impl Read, most: usize) -> String {
    let mut kept = Vec::new();
    let mut block = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut block) {
        kept.extend_from_slice(&block[..read]);
        kept.drain(..kept.len().saturating_sub(most));
    }
    String::from_utf8_lossy(&kept).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{read_line, shown, tail};

    #[test]
    fn lines_are_whole_or_not_at_all() {
        let mut pipe = &b"one\n\ntwo\nhal"[..];
        let mut next = || read_line(&mut pipe).expect("memory does not fail");
        assert_eq!(next().as_deref(), Some(&b"one"[..]));
        assert_eq!(next().as_deref(), Some(&b""[..]));
        assert_eq!(next().as_deref(), Some(&b"two"[..]));
        assert_eq!((next(), next()), (None, None));
    }

    #[test]
    fn what_is_shown_of_a_line_is_short_and_harmless() {
        assert_eq!(shown(b"\x1b[2Ja\xff"), "\\u{1b}[2Ja\u{fffd}");
        assert_eq!(shown(&[b'x'; 500]).len(), 80);
        assert_eq!(tail(&[b'y'; 9_000][..], 10), "yyyyyyyyyy");
    }
}
