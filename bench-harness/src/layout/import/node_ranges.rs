//! Linux: `Early memory node ranges`, what the page allocator gets, by NUMA node.
//!
//! `node   0: [mem START-LAST]` since Linux 3.5; before that `0: FIRST -> END` in page frames, in the
//! oldest kernels decimal, which only mean something below their headline.

use physseg::PageSize;

use super::found::{Bytes, Found, Parser, Why};
use super::line::Line;
use super::number::{decimal, prefixed_hex};

/// Reads [`Source::NodeRanges`](super::Source::NodeRanges).
pub(super) struct NodeRanges {
    page_size: PageSize,
    below_headline: bool,
}

impl NodeRanges {
    pub(super) fn new(page_size: PageSize) -> Self {
        Self { page_size, below_headline: false }
    }
}

impl Parser for NodeRanges {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let text = line.text;
        let headline = ["Early memory node ranges", "Early memory PFN ranges", "early_node_map["];
        if headline.iter().any(|headline| text.starts_with(headline)) {
            self.below_headline = true;
            return found.begin(1);
        }
        let entry = bracketed(text)
            .or_else(|| if self.below_headline { in_frames(text, self.page_size) } else { None });
        let Some(entry) = entry else {
            self.below_headline = false;
            return;
        };
        let added = entry.and_then(|(node, bytes)| {
            let node = u32::try_from(node).map_err(|_| "no node has this number")?;
            found.add(line.number, Ok(bytes), true, &format!("node {node}"), Some(node))
        });
        if let Err(why) = added {
            found.unreadable(line, why);
        }
    }
}

/// `node   0: [mem 0x1000-0x9efff]`.
fn bracketed(text: &str) -> Option<Result<(u64, Bytes), Why>> {
    let (node, rest) = text.strip_prefix("node ")?.split_once(": [mem ")?;
    let entry = || {
        let node = decimal(node.trim()).ok_or("the node is no number")?;
        let (range, _) = rest.split_once(']').ok_or("`]` is missing")?;
        let (start, last) = range.split_once('-').ok_or("expected START-LAST")?;
        let number = |text: &str| prefixed_hex(text.trim()).ok_or("expected addresses of 64 bits");
        Ok((node, Bytes::inclusive(number(start)?, number(last)?)?))
    };
    Some(entry())
}

/// `0: 0x00000001 -> 0x0000009b`, page frames, the end excluded.
fn in_frames(text: &str, page_size: PageSize) -> Option<Result<(u64, Bytes), Why>> {
    let text = text.strip_prefix("node ").map_or(text, str::trim_start);
    let (node, range) = text.split_once(": ")?;
    let node = decimal(node.trim())?;
    let (start, end) = range.split_once(" -> ")?;
    let number = |text: &str| prefixed_hex(text.trim()).or_else(|| decimal(text.trim()));
    let (start, end) = (number(start)?, number(end)?);
    Some(Bytes::of_frames(start, end, page_size.bytes()).map(|bytes| (node, bytes)))
}
