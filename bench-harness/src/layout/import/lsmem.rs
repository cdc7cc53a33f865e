//! Linux: `lsmem`, a line a range of memory blocks: `START-LAST SIZE STATE REMOVABLE BLOCKS`.
//!
//! Columns can be chosen (`-o`), listed as pairs (`-P`) or left out, so an entry is a line with a
//! range and with `online` or `offline` as a word. Nodes are told where there is a column `NODE`.

use super::found::{Bytes, Found, Parser};
use super::line::Line;
use super::number::{decimal, prefixed_hex};

/// Reads [`Source::Lsmem`](super::Source::Lsmem).
#[derive(Default)]
pub(super) struct Lsmem {
    /// Which column of how many is the node.
    node_column: Option<(usize, usize)>,
}

impl Parser for Lsmem {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let is_headline = line.text.starts_with("RANGE") && !line.text.starts_with("RANGE=");
        if is_headline {
            let columns = line.text.split_whitespace();
            let node = columns.clone().position(|column| column == "NODE");
            self.node_column = node.map(|node| (node, columns.count()));
            return found.begin(1);
        }
        let in_pairs = line.text.starts_with("RANGE=");
        if !in_pairs && !line.text.starts_with("0x") {
            return;
        }
        let words: Vec<&str> = line
            .text
            .split([' ', '\t', '=', '"'])
            .filter(|word| !word.is_empty())
            .take(24)
            .collect();
        let Some(range) = words.iter().find(|word| word.starts_with("0x")) else {
            return;
        };
        let (Some((start, last)), Some(state)) = (
            range.split_once('-'),
            words.iter().find(|word| matches!(**word, "online" | "offline" | "going-offline")),
        ) else {
            return;
        };
        let node = match self.node_column {
            Some((column, columns)) if words.len() == columns => words.get(column).copied(),
            _ if in_pairs => words.iter().skip_while(|word| **word != "NODE").nth(1).copied(),
            _ => None,
        };
        let node = node.and_then(decimal).and_then(|node| u32::try_from(node).ok());
        let bytes = prefixed_hex(start)
            .zip(prefixed_hex(last))
            .ok_or("expected START-LAST, of 64 bits")
            .and_then(|(start, last)| Bytes::inclusive(start, last));
        // What is not online is no memory at present, and no obstacle either.
        let usable = *state == "online";
        if let Err(why) = found.add(line.number, bytes, usable, state, node) {
            found.unreadable(line, why);
        }
    }
}
