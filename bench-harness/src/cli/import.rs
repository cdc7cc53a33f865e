//! Arguments of `layout import`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use physseg::PageSize;

use crate::layout::import::From;

/// Arguments of `layout import`.
#[derive(Args, Debug)]
#[command(args_override_self = true)]
pub struct Import {
    /// A log, a folder like /sys/devices/system/memory, or `-` for standard input; .gz is undone
    #[arg(value_name = "FILE|-")]
    pub file: String,
    /// What to look for; `auto` takes the best of what there is, `dmesg` the best of a Linux log
    #[arg(long, default_value = "auto", value_parser = from(), hide_possible_values = false)]
    pub from: From,
    /// Name of the layout [default: the file's]
    #[arg(long)]
    pub name: Option<String>,
    /// Page size of the machine, in bytes
    #[arg(long, value_name = "BYTES", default_value = "4096", value_parser = page_size)]
    pub page_size: PageSize,
    /// Write the layout here, where no file may be yet [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

fn from() -> impl TypedValueParser<Value = From> {
    PossibleValuesParser::new(From::NAMES)
        .try_map(|name| From::named(&name).ok_or("not a source of memory maps"))
}

/// `4096`, `64K`, `1M`: powers of 1024 here, as page sizes are.
pub(super) fn page_size(text: &str) -> Result<PageSize, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (&text[..text.len() - 1], 10),
        Some(b'M' | b'm') => (&text[..text.len() - 1], 20),
        _ => (text, 0),
    };
    let bytes = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    let expected = || "expected a power of two from 512 to 1073741824, as 4096 or 64K".to_owned();
    bytes.and_then(PageSize::new).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_sizes_are_powers_of_two_in_bytes() {
        for (text, bytes) in [("4096", 4096), ("16k", 16_384), ("64K", 65_536), ("1M", 1 << 20)] {
            assert_eq!(page_size(text).map(PageSize::bytes), Ok(bytes));
        }
        for text in ["", "K", "0", "4095", "-4096", "4 K", "99999999999999999999", "4G"] {
            assert!(page_size(text).is_err(), "{text:?}");
        }
    }
}
