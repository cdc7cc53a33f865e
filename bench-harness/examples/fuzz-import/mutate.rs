//! Texts from seeds: bytes, numbers, lines and their order changed, ends cut, other texts mixed in.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// No text is longer: time goes into more cases.
const BYTES_MAX: usize = 64 << 10;

/// Numbers at which arithmetic goes wrong, decimal and hexadecimal.
const NUMBERS: [&str; 20] = [
    "0",
    "1",
    "7",
    "8",
    "4095",
    "4096",
    "65536",
    "ffffffff",
    "100000000",
    "fffffffffffff",
    "10000000000000",
    "7fffffffffffffff",
    "8000000000000000",
    "fffffffffffff000",
    "ffffffffffffffff",
    "10000000000000000",
    "18446744073709551615",
    "9223372036854775807",
    "-1",
    "1e300",
];

/// Pieces of syntax of the formats.
const TOKENS: [&str; 24] = [
    "\n",
    "\r\n",
    " ",
    "\t",
    "-",
    ":",
    "0x",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "\"",
    "=",
    ";",
    ",",
    "/*",
    "\u{1b}[31m",
    "\u{feff}",
    "\0",
    "é",
];

/// The text of one case: the same for the same seed and number.
pub(crate) fn text(seeds: &[String], seed: u64, case: u64) -> Vec<u8> {
    let state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ case;
    let mut draw = Draw(Xoshiro256PlusPlus::seed_from_u64(state));
    let mut text = draw.of(seeds).as_bytes().to_vec();
    for _ in 0..=draw.below(8) {
        change(&mut text, seeds, &mut draw);
        text.truncate(BYTES_MAX);
    }
    if draw.below(50) == 0 { compressed(&text, &mut draw) } else { text }
}

/// One change.
fn change(text: &mut Vec<u8>, seeds: &[String], draw: &mut Draw) {
    match draw.below(12) {
        0 => {
            if let Some(byte) = draw.place(text.len()).and_then(|at| text.get_mut(at)) {
                *byte = draw.byte();
            }
        }
        1 => {
            let at = draw.below(text.len() + 1);
            text.truncate(at);
        }
        2..=4 => number(text, draw),
        5 => insert(text, draw.of(&TOKENS).as_bytes(), draw),
        6 => insert(text, draw.of(&NUMBERS).as_bytes(), draw),
        7 => remove(text, draw),
        8 => swap_lines(text, draw),
        9 => {
            // A line of another text, or this one's, again and again.
            let other = draw.of(seeds);
            let lines: Vec<&str> = other.lines().collect();
            let line = if lines.is_empty() { "" } else { draw.of(&lines) };
            let times = if draw.below(20) == 0 { draw.below(2000) } else { 1 };
            let whole = format!("{line}\n").repeat(times);
            insert(text, &whole.as_bytes()[..whole.len().min(BYTES_MAX)], draw);
        }
        10 => text.extend_from_slice(draw.of(seeds).as_bytes()),
        _ => {
            let plain = String::from_utf8_lossy(text).into_owned();
            *text = match draw.below(3) {
                0 => plain.replace('\n', "\r\n").into_bytes(),
                1 => plain.replace('\n', "\n> [    0.000000] ").into_bytes(),
                _ => plain.replace("0x", "").into_bytes(),
            };
        }
    }
}

/// Another number in place of one of the text.
fn number(text: &mut Vec<u8>, draw: &mut Draw) {
    let Some(at) = draw.place(text.len()) else {
        return;
    };
    let Some(start) = text[at..].iter().position(u8::is_ascii_digit).map(|past| at + past) else {
        return;
    };
    let digits = text[start..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let random = format!("{:x}", draw.bits() >> draw.below(64));
    let new = if draw.below(2) == 0 { draw.of(&NUMBERS) } else { random.as_str() };
    text.splice(start..start + digits, new.bytes());
}

fn insert(text: &mut Vec<u8>, piece: &[u8], draw: &mut Draw) {
    let at = draw.below(text.len() + 1);
    text.splice(at..at, piece.iter().copied());
}

fn remove(text: &mut Vec<u8>, draw: &mut Draw) {
    let from = draw.below(text.len() + 1);
    let to = (from + draw.below(60)).min(text.len());
    text.drain(from..to);
}

fn swap_lines(text: &mut Vec<u8>, draw: &mut Draw) {
    let mut lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
    let (one, other) = (draw.below(lines.len()), draw.below(lines.len()));
    lines.swap(one, other);
    *text = lines.join(&b'\n');
}

/// Gzip, most often damaged.
fn compressed(text: &[u8], draw: &mut Draw) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    let mut bytes = gz.write_all(text).and_then(|()| gz.finish()).unwrap_or_default();
    match draw.below(3) {
        0 => {
            let at = draw.below(bytes.len() + 1);
            bytes.truncate(at);
        }
        1 => {
            if let Some(byte) = draw.place(bytes.len()).and_then(|at| bytes.get_mut(at)) {
                *byte = draw.byte();
            }
        }
        _ => {}
    }
    bytes
}

/// Draws.
struct Draw(Xoshiro256PlusPlus);

impl Draw {
    fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn byte(&mut self) -> u8 {
        self.bits().to_le_bytes()[7]
    }

    /// From 0 to below `end`; 0 where there is nothing below.
    fn below(&mut self, end: usize) -> usize {
        let drawn = (u128::from(self.bits()) * end as u128) >> 64;
        usize::try_from(drawn).unwrap_or(0)
    }

    fn place(&mut self, length: usize) -> Option<usize> {
        (length > 0).then(|| self.below(length))
    }

    fn of<'a, T: AsRef<str>>(&mut self, texts: &'a [T]) -> &'a str {
        let at = self.below(texts.len());
        texts.get(at).map_or("", AsRef::as_ref)
    }
}
