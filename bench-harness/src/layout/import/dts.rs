//! Devicetree source: nodes with `device_type = "memory"` or a name `memory@...`, their `reg` as base
//! and size in cells of 32 bits, as many as the parent says.
//!
//! Read as a stream of statements, so that a large tree takes no memory. Enough of the syntax is known
//! to find nodes and properties; what is not expanded yet (macros, sums) cannot be read.

use physseg::PADDR_BITS;

use super::found::{Bytes, Found, Parser, Why};
use super::line::Line;
use super::number::{decimal, prefixed_hex};

/// What `#address-cells` and `#size-cells` are where nobody says.
const CELLS_DEFAULT: (u64, u64) = (2, 1);

/// A statement longer than this is no `reg` of a memory node.
const STATEMENT_BYTES_MAX: usize = 64 << 10;

/// No tree is deeper.
const DEPTH_MAX: usize = 64;

/// Reads [`Source::Dts`](super::Source::Dts).
#[derive(Default)]
pub(super) struct Dts {
    statement: String,
    /// The line on which the statement began.
    line: usize,
    in_comment: bool,
    in_string: bool,
    nodes: Vec<Node>,
    /// How many nodes deeper than [`DEPTH_MAX`].
    too_deep: usize,
}

#[derive(Default)]
struct Node {
    line: usize,
    named_memory: bool,
    device_type: Option<bool>,
    disabled: bool,
    numa: Option<u32>,
    reg: Option<String>,
    /// For children: `#address-cells`, `#size-cells`.
    cells: Option<(u64, u64)>,
}

impl Parser for Dts {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        if self.nodes.is_empty() && !line.raw.contains('{') {
            return; // outside of any tree; the root `/ {` stands on one line
        }
        let mut rest = line.raw.chars().peekable();
        while let Some(c) = rest.next() {
            if self.in_comment {
                self.in_comment = !(c == '*' && rest.next_if_eq(&'/').is_some());
            } else if self.in_string {
                self.in_string = c != '"';
                self.push(c, line.number);
            } else {
                match c {
                    '/' if rest.next_if_eq(&'*').is_some() => self.in_comment = true,
                    '/' if rest.peek() == Some(&'/') => break,
                    '{' => self.open(),
                    '}' => self.close(found),
                    ';' => self.property(),
                    _ => {
                        self.in_string = c == '"';
                        self.push(c, line.number);
                    }
                }
            }
        }
        self.in_string = false; // strings end on their line
        self.push(' ', line.number);
    }
}

impl Dts {
    fn push(&mut self, c: char, line: usize) {
        if self.statement.is_empty() {
            if c.is_whitespace() {
                return;
            }
            self.line = line;
        }
        if self.statement.len() < STATEMENT_BYTES_MAX {
            self.statement.push(c);
        }
    }

    /// A node begins: the statement is its name, perhaps with labels.
    fn open(&mut self) {
        let statement = std::mem::take(&mut self.statement);
        let name = statement.rsplit(':').next().unwrap_or_default().trim();
        if self.nodes.is_empty() && name != "/" && !name.starts_with("memory") {
            return; // braces of something else
        }
        if self.nodes.len() >= DEPTH_MAX {
            self.too_deep += 1;
            return;
        }
        let named_memory = name == "memory" || name.starts_with("memory@");
        self.nodes.push(Node { line: self.line, named_memory, ..Node::default() });
    }

    fn property(&mut self) {
        let statement = std::mem::take(&mut self.statement);
        let Some(node) = self.nodes.last_mut().filter(|_| self.too_deep == 0) else {
            return;
        };
        let (name, value) = statement.split_once('=').unwrap_or((&statement, ""));
        let value = value.trim();
        let one_cell = || cells(value).ok().and_then(|cells| cells.first().copied());
        match name.trim() {
            "reg" => node.reg = Some(value.to_owned()),
            "device_type" => node.device_type = Some(value == "\"memory\""),
            "status" => node.disabled = !matches!(value, "\"okay\"" | "\"ok\""),
            "numa-node-id" => node.numa = one_cell().and_then(|node| u32::try_from(node).ok()),
            "#address-cells" => {
                let cells = node.cells.get_or_insert(CELLS_DEFAULT);
                cells.0 = one_cell().unwrap_or(cells.0);
            }
            "#size-cells" => {
                let cells = node.cells.get_or_insert(CELLS_DEFAULT);
                cells.1 = one_cell().unwrap_or(cells.1);
            }
            _ => {}
        }
    }

    fn close(&mut self, found: &mut Found) {
        self.statement.clear();
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let Some(node) = self.nodes.pop() else {
            return;
        };
        if !node.device_type.unwrap_or(node.named_memory) {
            return;
        }
        let Some(reg) = &node.reg else {
            return; // filled in by the boot loader
        };
        let kind = if node.disabled { "disabled" } else { "memory" };
        let said = self.nodes.last().and_then(|parent| parent.cells);
        let banks = match said {
            Some(cells) => banks(reg, cells),
            None => guessed(reg).map(|(banks, (address, size))| {
                found.note(&format!(
                    "the tree does not say how many cells an address and a size have: taken to be {address} and \
                     {size}; the tree after the preprocessor would tell"
                ));
                banks
            }),
        };
        let added = banks.and_then(|banks| {
            let mut banks = banks.into_iter().filter(|bank| bank.length() > 0);
            banks.try_for_each(|bank| {
                found.add(node.line, Ok(bank), !node.disabled, kind, node.numa)
            })
        });
        if let Err(why) = added {
            found.unreadable_at(node.line, &format!("reg = {reg}"), why);
        }
    }
}

/// The banks where no parent says how many cells they have, as in a board's file, which includes that of
/// its processor: of the numbers of cells that trees have, those with which all addresses are possible.
fn guessed(reg: &str) -> Result<(Vec<Bytes>, (u64, u64)), Why> {
    let possible = |banks: &Vec<Bytes>| {
        banks.iter().all(|bank| bank.length() > 0 && bank.end <= 1 << PADDR_BITS)
    };
    for cells in [(2, 2), CELLS_DEFAULT, (1, 1)] {
        if let Some(banks) = banks(reg, cells).ok().filter(possible) {
            return Ok((banks, cells));
        }
    }
    banks(reg, CELLS_DEFAULT).map(|banks| (banks, CELLS_DEFAULT))
}

/// Base and size of each bank.
fn banks(reg: &str, (address, size): (u64, u64)) -> Result<Vec<Bytes>, Why> {
    let cells = cells(reg)?;
    let (Ok(address @ 1..=2), Ok(size @ 1..=2)) = (usize::try_from(address), usize::try_from(size))
    else {
        return Err("expected 1 or 2 cells for an address and for a size");
    };
    if !cells.len().is_multiple_of(address + size) {
        return Err("the number of cells does not fit the parent's #address-cells and #size-cells");
    }
    let number = |cells: &[u64]| cells.iter().fold(0, |number, cell| (number << 32) | cell);
    let bank = |bank: &[u64]| {
        let (base, size) = bank.split_at(address);
        Bytes::with_length(number(base), number(size))
    };
    cells.chunks_exact(address + size).map(bank).collect()
}

/// The cells of `<...>, <...>`.
fn cells(value: &str) -> Result<Vec<u64>, Why> {
    let inside = value.strip_prefix('<').and_then(|value| value.strip_suffix('>'));
    let inside = inside.ok_or("expected cells, `<0x0 0x80000000 ...>`")?;
    let words = inside.split(|c: char| c.is_whitespace() || "<>,".contains(c));
    let cell = |word: &str| {
        let number = prefixed_hex(word).or_else(|| decimal(word));
        number.filter(|&cell| cell >> 32 == 0).ok_or("expected numbers of 32 bits, macros expanded")
    };
    words.filter(|word| !word.is_empty()).map(cell).collect()
}
