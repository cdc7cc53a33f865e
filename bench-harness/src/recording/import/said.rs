//! What the user is told of an import: what was there, what was taken, what was left out.

use super::found::Found;
use crate::layout::show::{bytes, count};
use crate::recording::{Encoder, Source};

/// All of it, a line each.
pub(in crate::recording) fn said(
    file: &str,
    found: &Found,
    source: Source,
    addresses: &Encoder,
    page_bytes: u64,
) -> Vec<String> {
    let lines = counted(found.lines, found.unit.unwrap_or("line"));
    let mut said = vec![format!("{file}: {lines}; taken: {}", source.name())];
    let mut say = |line: String| said.push(format!("  {line}"));
    for (name, number) in &found.taken {
        say(format!("{name}: {}, taken", counted(*number, "event")));
    }
    if found.blocks > 0 {
        say(format!(
            "{} of blocks of pages: the first is the address",
            counted(found.blocks, "event")
        ));
    }
    for (name, number) in &found.others {
        say(format!("{}: {}, left out", name.escape_debug(), counted(*number, "event")));
    }
    if found.further > 0 {
        say(format!("{} of other kinds, left out", counted(found.further, "event")));
    }
    if found.failed > 0 {
        say(format!("{} that failed, left out", counted(found.failed, "allocation")));
    }
    if found.absent > 0 {
        say(format!("{} not present or swapped out, left out", counted(found.absent, "page")));
    }
    if found.hidden > 0 {
        say(format!("{} without a frame, left out", counted(found.hidden, "page")));
    }
    if found.lost > 0 {
        say(format!(
            "warning: {} lost by the tracer, whose buffer was full: the order has gaps",
            counted(found.lost, "event")
        ));
    }
    if let Some((number, line)) = &found.first_foreign {
        say(format!(
            "{} not understood; the first is {file}:{number}: {line:?}",
            counted(found.foreign, "line")
        ));
    }
    if found.cut_short {
        say("the input ends in the middle: what comes after is missing".to_owned());
    }
    if found.cut {
        say(format!("there are more than {}: the rest is left out", count(addresses.addresses())));
    }
    say(summary(addresses, page_bytes));
    said
}

/// `1,000 addresses from 0x100 to 0x1ff, a span of 1 MiB`.
pub(in crate::recording) fn summary(addresses: &Encoder, page_bytes: u64) -> String {
    let number = counted(addresses.addresses(), "address");
    match addresses.ends() {
        None => number,
        Some((lowest, highest)) => {
            let span = u128::from(highest - lowest + 1) * u128::from(page_bytes);
            format!("{number} from frame {lowest:#x} to {highest:#x}, a span of {}", bytes(span))
        }
    }
}

fn counted(number: u64, noun: &str) -> String {
    let ending = match (number, noun.ends_with('s')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{} {noun}{ending}", count(number))
}
