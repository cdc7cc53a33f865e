//! Linux: /proc/iomem, as [`layout::iomem`](crate::layout) reads it for `this-machine`.

use crate::layout::iomem::{self, Resource};

use super::found::{Bytes, Found, Parser};
use super::line::Line;

/// Reads [`Source::Iomem`](super::Source::Iomem).
pub(super) struct Iomem;

impl Parser for Iomem {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let added = match iomem::resource(line.text) {
            None => return,
            Some(Resource::Unreadable) => Err("expected START-LAST"),
            // No machine has RAM of one byte at address 0.
            Some(Resource::Ram(0, 0)) => {
                found.hidden.get_or_insert(line.number);
                return;
            }
            Some(Resource::Ram(start, last)) => {
                let bytes = Bytes::inclusive(start, last);
                found.add(line.number, bytes, true, "System RAM", None)
            }
        };
        if let Err(why) = added {
            found.unreadable(line, why);
        }
    }
}
