//! What a marker asks for: `record=FOLDER run=field table=ns mode=trace layout=frag-1mb,frag-1gb`.

use super::ExcerptError;
use super::grid::Axis;

/// Which kind of text a marker asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Table {
    /// The paper's experiments: sentence, figure, table and notes. Where no table is named.
    Reproduce,
    /// Figures of lookups.
    Lookups,
    /// Figures of plugging and unplugging.
    Churn,
    /// After how many lookups a rebuilt array has caught up with the tree.
    BreakEven,
}

/// What a cell shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// Net nanoseconds a lookup, with Student's margin.
    Ns,
    /// Times as fast as the reference, net, with its interval.
    Factor,
    /// Net change against the reference in percent, with its interval.
    Change,
    /// The same of the time as measured.
    Gross,
    /// Net nanoseconds more than the reference takes.
    Difference,
    /// The same as a share of one core that is asked a million times a second.
    CoreShare,
    /// What answers a page lookup: bytes, a segment, a present frame, share of the descriptors.
    Index,
    /// Change against the reference of what a plugin takes itself, net of its calls, with its interval.
    Own,
    /// Typical time of an operation of `churn`.
    ChurnTime,
    /// Its change against the reference in percent, with its interval.
    ChurnChange,
}

/// Names of values in a marker, and above their columns where a table has several.
const VALUES: [(&str, &str, Value); 10] = [
    ("ns", "ns", Value::Ns),
    ("factor", "times as fast", Value::Factor),
    ("change", "change, %", Value::Change),
    ("gross", "gross change, %", Value::Gross),
    ("difference", "ns more", Value::Difference),
    ("core-share", "of one core, at a million lookups a second", Value::CoreShare),
    ("index", "index", Value::Index),
    ("own", "own time, change, %", Value::Own),
    ("churn-time", "an operation", Value::ChurnTime),
    ("churn-change", "change, %", Value::ChurnChange),
];

const REPRODUCE: &str = "reproduce";
const BREAK_EVEN: &str = "break-even";
const RECORD: &str = "record";
const RUN: &str = "run";
const TABLE: &str = "table";
const ROWS: &str = "rows";
const CORNER: &str = "corner";
const SEGMENTS: &str = "segments";

impl Value {
    pub(super) fn head(self) -> &'static str {
        VALUES.iter().find(|(.., value)| *value == self).map_or("", |(_, head, _)| head)
    }

    fn is_churn(self) -> bool {
        matches!(self, Self::ChurnTime | Self::ChurnChange)
    }
}

/// What a marker asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    record: Option<String>,
    runs: Vec<String>,
    table: Table,
    pub(super) values: Vec<Value>,
    /// Names along each axis, in the order in which they are shown; of axes that are left out, all.
    pub(super) names: Vec<(Axis, Vec<String>)>,
    /// Axes that run down; the others run across.
    pub(super) rows: Vec<Axis>,
    /// Axes whose one name stands in the corner of the table.
    pub(super) corner: Vec<Axis>,
    /// Whether layouts are shown with their number of segments.
    pub(super) segments: bool,
}

impl Request {
    /// Reads what stands in a marker, pairs of key and value separated by spaces.
    ///
    /// # Errors
    /// [`ExcerptError`]: a word that is no pair, an unknown key or value.
    pub fn parse(asked: &str) -> Result<Self, ExcerptError> {
        let mut request = Self {
            record: None,
            runs: Vec::new(),
            table: Table::Reproduce,
            values: Vec::new(),
            names: Vec::new(),
            rows: vec![Axis::Backend],
            corner: Vec::new(),
            segments: false,
        };
        let mut seen: Vec<&str> = Vec::new();
        for word in asked.split_whitespace() {
            let Some((key, value)) = word.split_once('=') else {
                return Err(ExcerptError::NotAPair { word: word.to_owned() });
            };
            if seen.contains(&key) {
                return Err(ExcerptError::Twice { key: key.to_owned() });
            }
            seen.push(key);
            let list: Vec<String> = value.split(',').map(str::to_owned).collect();
            if list.iter().any(String::is_empty) {
                return Err(ExcerptError::Empty { key: key.to_owned() });
            }
            request.enter(key, list)?;
        }
        Ok(request)
    }

    fn enter(&mut self, key: &str, list: Vec<String>) -> Result<(), ExcerptError> {
        match key {
            RECORD => self.record = Some(list.join(",")),
            RUN => self.runs = list,
            TABLE => self.enter_table(&list)?,
            ROWS => self.rows = axes(ROWS, &list)?,
            CORNER => self.corner = axes(CORNER, &list)?,
            SEGMENTS => match list.join(",").as_str() {
                "yes" => self.segments = true,
                other => return Err(unknown(SEGMENTS, other, "yes")),
            },
            _ => {
                let Some(axis) = Axis::named(key) else {
                    let own = [RECORD, RUN, TABLE, ROWS, CORNER, SEGMENTS];
                    let known: Vec<_> = own.into_iter().chain(Axis::NAMES).collect();
                    return Err(ExcerptError::Key { key: key.to_owned(), known: known.join(", ") });
                };
                self.names.push((axis, list));
            }
        }
        Ok(())
    }

    fn enter_table(&mut self, list: &[String]) -> Result<(), ExcerptError> {
        let mut tables = Vec::new();
        for name in list {
            let value = VALUES.iter().find(|(known, ..)| known == name).map(|(.., value)| *value);
            tables.push(match (name.as_str(), value) {
                (REPRODUCE, _) => Table::Reproduce,
                (BREAK_EVEN, _) => Table::BreakEven,
                (_, Some(value)) if value.is_churn() => Table::Churn,
                (_, Some(_)) => Table::Lookups,
                _ => {
                    let known: Vec<_> = VALUES.iter().map(|(name, ..)| *name).collect();
                    let known = format!("{REPRODUCE}, {}, {BREAK_EVEN}", known.join(", "));
                    return Err(unknown(TABLE, name, &known));
                }
            });
            self.values.extend(value);
        }
        let whole = |table: &Table| matches!(table, Table::Reproduce | Table::BreakEven);
        let mixed = tables.iter().any(|table| *table != tables[0]);
        if mixed || tables.len() > 1 && tables.iter().any(whole) {
            return Err(ExcerptError::Mixed { names: list.to_vec() });
        }
        self.table = tables[0];
        Ok(())
    }

    /// What kind of text it is.
    pub fn table(&self) -> Table {
        self.table
    }

    /// The folder of the record, where one is named.
    pub fn record(&self) -> Option<&str> {
        self.record.as_deref()
    }

    /// Folders of runs in that of the record; none for a run at its top level.
    pub fn runs(&self) -> &[String] {
        &self.runs
    }
}

fn axes(key: &'static str, list: &[String]) -> Result<Vec<Axis>, ExcerptError> {
    let axis = |name: &String| {
        Axis::named(name).ok_or_else(|| unknown(key, name, &Axis::NAMES.join(", ")))
    };
    list.iter().map(axis).collect()
}

fn unknown(key: &'static str, value: &str, known: &str) -> ExcerptError {
    ExcerptError::Value { key, value: value.to_owned(), known: known.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_asks_for_the_papers_experiments() {
        let request = Request::parse("").expect("a request");
        assert_eq!((request.table(), request.record()), (Table::Reproduce, None));
    }

    #[test]
    fn pairs_are_read() {
        let asked = "record=2026-a run=field,large table=ns,change rows=layout mode=trace,chain";
        let request = Request::parse(asked).expect("a request");
        assert_eq!((request.table(), request.record()), (Table::Lookups, Some("2026-a")));
        assert_eq!(request.runs(), ["field", "large"]);
        assert_eq!(request.values, [Value::Ns, Value::Change]);
        assert_eq!(request.rows, [Axis::Layout]);
        assert_eq!(request.names, [(Axis::Mode, vec!["trace".to_owned(), "chain".to_owned()])]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let said = |asked| Request::parse(asked).expect_err("wrong").to_string();
        assert!(said("table").contains("`table` is no key=value"));
        assert!(said("tables=ns").contains("unknown key `tables`; known: record, run, table"));
        assert!(said("table=nanoseconds").contains("known: reproduce, ns, factor"));
        assert!(said("table=ns,churn-time").contains("ns and churn-time are of runs of different"));
        assert!(said("rows=column").contains("rows: unknown `column`"));
        assert!(said("mode=trace mode=chain").contains("given twice"));
        assert!(said("mode=trace,").contains("mode: a value is missing"));
    }
}
