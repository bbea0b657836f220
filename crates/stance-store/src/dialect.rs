//! The few words in which the two databases differ. All other SQL is shared.

/// Which database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL, by URL.
    Postgres,
}

/// A column of rows that come in as JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    /// A whole number.
    Int(&'static str),
    /// A text.
    Text(&'static str),
}

impl Dialect {
    /// Begins a transaction that writes. SQLite takes its write lock at once, so that it never has to give up half
    /// way. PostgreSQL reads what was last committed in each statement, which is right once the account's row is
    /// locked.
    pub(crate) fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// Begins a transaction whose statements all see the same state.
    pub(crate) fn begin_read(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN DEFERRED",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Ends a `SELECT` that keeps others from changing its rows. SQLite has one writer and needs none.
    pub(crate) fn for_share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR SHARE",
        }
    }

    /// Ends a `SELECT` that keeps others from changing or sharing its rows; rows that refer to them may still be added.
    pub(crate) fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR NO KEY UPDATE",
        }
    }

    /// A table expression of the rows in the JSON parameter `$param`, a list of lists in the order of `columns`.
    pub(crate) fn rows(self, param: usize, columns: &[Column]) -> String {
        let list: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, c)| self.column(at, *c))
            .collect();
        let list = list.join(", ");
        match self {
            // JSONB, so that a row is not turned into text and parsed again for each of its columns.
            Self::Sqlite => format!("(SELECT {list} FROM jsonb_each(${param}) AS j)"),
            Self::Postgres => {
                format!(
                    "(SELECT {list} FROM json_array_elements(CAST(${param} AS JSON)) AS j(value))"
                )
            }
        }
    }

    /// A table expression of the numbers in the JSON parameter `$param`, as column `n`.
    pub(crate) fn numbers(self, param: usize) -> String {
        match self {
            Self::Sqlite => format!("(SELECT j.value AS n FROM json_each(${param}) AS j)"),
            Self::Postgres => {
                let list = format!("json_array_elements_text(CAST(${param} AS JSON)) AS j(value)");
                format!("(SELECT CAST(j.value AS BIGINT) AS n FROM {list})")
            }
        }
    }

    /// An aggregate: all rows' `columns` as one JSON text, a list of lists; null when there are none.
    pub(crate) fn collect(self, columns: &str) -> String {
        match self {
            Self::Sqlite => format!("nullif(json_group_array(json_array({columns})), '[]')"),
            Self::Postgres => format!("CAST(json_agg(json_build_array({columns})) AS TEXT)"),
        }
    }

    /// A row as one JSON text, an object of (name, column).
    pub(crate) fn object(self, columns: &[(&str, &str)]) -> String {
        let pairs: Vec<String> = columns
            .iter()
            .map(|(name, column)| format!("'{name}', {column}"))
            .collect();
        let pairs = pairs.join(", ");
        match self {
            Self::Sqlite => format!("json_object({pairs})"),
            Self::Postgres => format!("CAST(json_build_object({pairs}) AS TEXT)"),
        }
    }

    /// Whether the JSON list of texts in the column `list` has the text in the column `text`.
    pub(crate) fn lists(self, list: &str, text: &str) -> String {
        match self {
            Self::Sqlite => {
                format!("EXISTS (SELECT 1 FROM json_each({list}) AS j WHERE j.value = {text})")
            }
            Self::Postgres => format!("CAST({list} AS JSONB) @> to_jsonb(CAST({text} AS TEXT))"),
        }
    }

    fn column(self, at: usize, column: Column) -> String {
        match (self, column) {
            (Self::Postgres, Column::Int(name)) => {
                format!("CAST(j.value ->> {at} AS BIGINT) AS {name}")
            }
            (_, Column::Int(name) | Column::Text(name)) => format!("j.value ->> {at} AS {name}"),
        }
    }

    /// Joins `table` as `alias`, asking it anew for each row before it. Answers what goes into `FROM`, and what goes into
    /// `WHERE` after an `AND`.
    ///
    /// SQLite joins in the order in which tables are named. PostgreSQL would choose by what it guesses of their sizes,
    /// which is wrong after a first scan and for what comes in as JSON; a subquery with an `OFFSET` is left as it is.
    pub(crate) fn each(self, table: &str, alias: &str, condition: &str) -> (String, String) {
        match self {
            Self::Sqlite => (
                format!("CROSS JOIN {table} AS {alias}"),
                format!("AND {condition}"),
            ),
            Self::Postgres => {
                let asked = format!("SELECT * FROM {table} AS {alias} WHERE {condition} OFFSET 0");
                (
                    format!("CROSS JOIN LATERAL ({asked}) AS {alias}"),
                    String::new(),
                )
            }
        }
    }

    /// Follows `UPDATE asset` where rows are named by their numbers. SQLite, where the number is the row's own, would
    /// otherwise go through all assets of the tenant, taking the index that begins with the tenant for the better one.
    pub(crate) fn by_number(self) -> &'static str {
        match self {
            Self::Sqlite => "NOT INDEXED",
            Self::Postgres => "",
        }
    }

    /// Whether the text `column` contains the parameter `$param`, which is in lower case; ASCII letters only are
    /// folded, on both.
    pub(crate) fn contains(self, column: &str, param: usize) -> String {
        match self {
            Self::Sqlite => format!("instr(lower({column}), ${param}) > 0"),
            Self::Postgres => format!("strpos(lower({column} COLLATE \"C\"), ${param}) > 0"),
        }
    }
}
