//! Why a piece of a document cannot be made.

/// What is wrong with what a marker asks for; file and line are said by who found the marker.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExcerptError {
    /// A word of the marker that is no `key=value`.
    #[error("`{word}` is no key=value; a marker reads `<!-- record:begin table=ns mode=trace -->`")]
    NotAPair {
        /// The word.
        word: String,
    },
    /// A key that no marker has.
    #[error("unknown key `{key}`; known: {known}")]
    Key {
        /// The key.
        key: String,
        /// All keys.
        known: String,
    },
    /// The same key twice.
    #[error("`{key}` is given twice; separate several values by commas")]
    Twice {
        /// The key.
        key: String,
    },
    /// A value that the key does not take.
    #[error("{key}: unknown `{value}`; known: {known}")]
    Value {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// What it takes.
        known: String,
    },
    /// Nothing after the `=`, or between two commas.
    #[error("{key}: a value is missing")]
    Empty {
        /// The key.
        key: String,
    },
    /// Kinds of figures that no table has together.
    #[error("table: {} are of runs of different kinds; give each a marker of its own", names.join(" and "))]
    Mixed {
        /// The kinds.
        names: Vec<String>,
    },
    /// The run is of another command than the table needs.
    #[error("{source_name} is a run of {is}, and this table is made of one of {wanted}")]
    Kind {
        /// The run.
        source_name: String,
        /// What it is of.
        is: &'static str,
        /// What the table needs.
        wanted: &'static str,
    },
    /// A name that does not occur in the runs.
    #[error("{key}: nothing called `{value}` was measured in {source_names}; there are {known}")]
    NotMeasured {
        /// The key of the marker.
        key: &'static str,
        /// The name.
        value: String,
        /// The runs.
        source_names: String,
        /// What they hold.
        known: String,
    },
    /// No cell of the table has a figure.
    #[error(
        "no figure in {source_names} fits; which combinations were measured stands in summary.csv there"
    )]
    Nothing {
        /// The runs.
        source_names: String,
    },
    /// No record was named, and there is none to choose.
    #[error("no run of `reproduce` with a result for the paper's layout is in {source_names}")]
    NoReproduction {
        /// Where it was looked for.
        source_names: String,
    },
}
